"""STUN messages (`mixer.wire.stun`): a Binding message with its numbers in range, or StunError."""

from collections.abc import Iterator

from mixer.wire.stun import (
    MAX_MESSAGE_BYTES,
    MAX_USERNAME_BYTES,
    ErrorCode,
    StunError,
    build_error,
    build_request,
    build_success,
    parse,
)

MAX_BYTES = MAX_MESSAGE_BYTES + 20
PASSWORD = "a-password-of-24-letters"  # noqa: S105 - nobody's
TRANSACTION_ID = bytes(range(12))


def target(data: bytes) -> None:
    """What was understood can be said again, and is understood as the same."""
    try:
        message = parse(data)
    except StunError:
        return
    message.is_signed_with(PASSWORD)
    assert len(message.transaction_id) == len(TRANSACTION_ID)
    assert all(kind < 0x8000 for kind in message.unknown_required)
    if message.mapped_address is not None:
        said = build_success(message.transaction_id, message.mapped_address, PASSWORD)
        assert parse(said).mapped_address == message.mapped_address
    if message.username is not None and message.priority is not None and message.controlling is not None:
        assert len(message.username.encode()) <= MAX_USERNAME_BYTES
        said = build_request(
            message.transaction_id,
            message.username,
            PASSWORD,
            message.priority,
            controlling=message.controlling,
            is_nominating=message.is_nominating,
        )
        again = parse(said)
        assert again.is_signed_with(PASSWORD)
        assert (again.username, again.priority, again.controlling, again.is_nominating) == (
            message.username,
            message.priority,
            message.controlling,
            message.is_nominating,
        )


def seeds() -> Iterator[bytes]:
    """Checks, answers and refusals of our own."""
    for is_nominating in (True, False):
        yield build_request(TRANSACTION_ID, "ours:theirs", PASSWORD, 7, controlling=9, is_nominating=is_nominating)
    yield build_success(TRANSACTION_ID, ("192.0.2.1", 4000), PASSWORD)
    yield build_success(TRANSACTION_ID, ("2001:db8::1", 4000, 0, 0), PASSWORD)
    yield build_error(TRANSACTION_ID, ErrorCode.UNKNOWN_ATTRIBUTE, PASSWORD, (0x7FFF, 2))
