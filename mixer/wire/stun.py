"""STUN messages as ICE uses them: parse a datagram, check who signed it, build requests and answers.

It keeps no state, and speaks only the Binding method with short-term credentials. RFC 8489 sections 5, 9.1 and 14;
RFC 8445 section 16.1 for the attributes of ICE.
"""

import hmac
import ipaddress
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from mixer.wire.errors import WireError

Address = tuple[str, int] | tuple[str, int, int, int]
"""Host and port, for IPv6 with flow label and scope: what the socket module gives and takes."""

MAGIC_COOKIE = 0x2112A442
HEADER_BYTES = 20
MAX_MESSAGE_BYTES = 1280
MAX_USERNAME_BYTES = 513
MAX_ATTRIBUTES = 24
"""Checks have up to twelve; a stranger's message with hundreds of empty ones would cost a fifth of a millisecond."""

_HEADER = struct.Struct("!HHI12s")
_ATTRIBUTE = struct.Struct("!HH")
_INTEGRITY_BYTES = 20
_FINGERPRINT_XOR = 0x5354554E
_BINDING_METHOD = 0x0001
_CLASS_BITS = 0x0110
_COMPREHENSION_OPTIONAL = 0x8000
_COOKIE_BYTES = MAGIC_COOKIE.to_bytes(4, "big")
_FAMILY_BYTES = {1: 4, 2: 16}


class StunError(WireError):
    """A datagram that is not a STUN Binding message."""


class MessageClass(IntEnum):
    """The two class bits, where they stand in the message type."""

    REQUEST = 0x0000
    INDICATION = 0x0010
    SUCCESS = 0x0100
    ERROR = 0x0110


class Attribute(IntEnum):
    """Attribute types that are understood here."""

    MAPPED_ADDRESS = 0x0001
    USERNAME = 0x0006
    MESSAGE_INTEGRITY = 0x0008
    ERROR_CODE = 0x0009
    UNKNOWN_ATTRIBUTES = 0x000A
    XOR_MAPPED_ADDRESS = 0x0020
    PRIORITY = 0x0024
    USE_CANDIDATE = 0x0025
    FINGERPRINT = 0x8028
    ICE_CONTROLLED = 0x8029
    ICE_CONTROLLING = 0x802A


class ErrorCode(IntEnum):
    """The errors an ICE agent answers with; `phrase` is the text that goes along."""

    UNKNOWN_ATTRIBUTE = 420
    ROLE_CONFLICT = 487

    @property
    def phrase(self) -> str:
        """The reason phrase of RFC 8489 and RFC 8445."""
        return self.name.replace("_", " ").capitalize()


_UNDERSTOOD = frozenset(Attribute)
_VALUE_BYTES = {
    Attribute.MESSAGE_INTEGRITY: _INTEGRITY_BYTES,
    Attribute.PRIORITY: 4,
    Attribute.USE_CANDIDATE: 0,
    Attribute.FINGERPRINT: 4,
    Attribute.ICE_CONTROLLED: 8,
    Attribute.ICE_CONTROLLING: 8,
}


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed Binding message. What follows MESSAGE-INTEGRITY was not signed and is not in it.

    `unknown_required` are the comprehension-required attribute types nobody here understands.
    """

    message_class: MessageClass
    transaction_id: bytes
    username: str | None
    priority: int | None
    is_nominating: bool
    controlling: int | None
    controlled: int | None
    mapped_address: Address | None
    error_code: int | None
    unknown_required: tuple[int, ...]
    signed_part: bytes
    integrity: bytes | None

    def is_signed_with(self, password: str) -> bool:
        """Whether MESSAGE-INTEGRITY is there and was made with this password. Takes the same time for any wrong one."""
        return self.integrity is not None and hmac.compare_digest(_sign(self.signed_part, password), self.integrity)


def parse(data: bytes) -> Message:
    """Parse one datagram. Raises StunError, and nothing else, for whatever is not a Binding message."""
    message_class, transaction_id = _parse_header(data)
    values: dict[int, bytes] = {}
    signed_end = len(data)
    for attribute, value, offset in _attributes(data):
        if attribute == Attribute.FINGERPRINT:
            _check_fingerprint(data, value, offset)
        elif Attribute.MESSAGE_INTEGRITY not in values:
            values.setdefault(attribute, value)
            signed_end = offset
    unknown = tuple(kind for kind in values if kind < _COMPREHENSION_OPTIONAL and kind not in _UNDERSTOOD)
    return Message(
        message_class=message_class,
        transaction_id=transaction_id,
        username=_text(values.get(Attribute.USERNAME)),
        priority=_integer(values.get(Attribute.PRIORITY)),
        is_nominating=Attribute.USE_CANDIDATE in values,
        controlling=_integer(values.get(Attribute.ICE_CONTROLLING)),
        controlled=_integer(values.get(Attribute.ICE_CONTROLLED)),
        mapped_address=_unpack_address(values.get(Attribute.XOR_MAPPED_ADDRESS), transaction_id),
        error_code=_unpack_error(values.get(Attribute.ERROR_CODE)),
        unknown_required=unknown,
        signed_part=data[:signed_end],
        integrity=values.get(Attribute.MESSAGE_INTEGRITY),
    )


def build_request(
    transaction_id: bytes, username: str, password: str, priority: int, *, controlling: int, is_nominating: bool
) -> bytes:
    """A connectivity check of a controlling agent; `controlling` is its tie-breaker."""
    attributes = [
        _attribute(Attribute.USERNAME, username.encode()),
        _attribute(Attribute.PRIORITY, priority.to_bytes(4, "big")),
        _attribute(Attribute.ICE_CONTROLLING, controlling.to_bytes(8, "big")),
    ]
    if is_nominating:
        attributes.append(_attribute(Attribute.USE_CANDIDATE, b""))
    return _build(MessageClass.REQUEST, transaction_id, attributes, password)


def build_success(transaction_id: bytes, address: Address, password: str) -> bytes:
    """The answer to a valid check that came from `address`."""
    mapped = _attribute(Attribute.XOR_MAPPED_ADDRESS, _pack_address(address, transaction_id))
    return _build(MessageClass.SUCCESS, transaction_id, [mapped], password)


def build_error(transaction_id: bytes, code: ErrorCode, password: str, unknown: tuple[int, ...] = ()) -> bytes:
    """A signed refusal; `unknown` are the attribute types that were not understood, with UNKNOWN_ATTRIBUTE."""
    attributes = [_attribute(Attribute.ERROR_CODE, struct.pack("!HBB", 0, *divmod(code, 100)) + code.phrase.encode())]
    if unknown:
        attributes.append(_attribute(Attribute.UNKNOWN_ATTRIBUTES, struct.pack(f"!{len(unknown)}H", *unknown)))
    return _build(MessageClass.ERROR, transaction_id, attributes, password)


def _parse_header(data: bytes) -> tuple[MessageClass, bytes]:
    if not HEADER_BYTES <= len(data) <= MAX_MESSAGE_BYTES:
        raise StunError("not the size of a STUN message")
    message_type, length, cookie, transaction_id = _HEADER.unpack_from(data)
    if cookie != MAGIC_COOKIE:
        raise StunError("no magic cookie")
    if length != len(data) - HEADER_BYTES or length % 4:
        raise StunError("the length does not fit the datagram")
    if message_type & ~_CLASS_BITS != _BINDING_METHOD:
        raise StunError("not the Binding method")
    return MessageClass(message_type & _CLASS_BITS), transaction_id


def _attributes(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Type, value and offset of each attribute, of which there may be MAX_ATTRIBUTES."""
    offset = HEADER_BYTES
    count = 0
    while offset < len(data):
        count += 1
        if count > MAX_ATTRIBUTES:
            raise StunError("too many attributes")
        attribute, length = _ATTRIBUTE.unpack_from(data, offset)
        start = offset + _ATTRIBUTE.size
        if start + length > len(data):
            raise StunError("an attribute reaches beyond the message")
        if length != _VALUE_BYTES.get(attribute, length):
            raise StunError(f"attribute {attribute:#06x} has the wrong length")
        yield attribute, data[start : start + length], offset
        offset = start + _padded(length)


def _check_fingerprint(data: bytes, value: bytes, offset: int) -> None:
    if offset + _ATTRIBUTE.size + len(value) != len(data):
        raise StunError("FINGERPRINT is not the last attribute")
    if value != _fingerprint(data[:offset]):
        raise StunError("FINGERPRINT does not match")


def _build(message_class: MessageClass, transaction_id: bytes, attributes: list[bytes], password: str) -> bytes:
    body = b"".join(attributes)
    header = _HEADER.pack(_BINDING_METHOD | message_class, len(body), MAGIC_COOKIE, transaction_id)
    message = header + body
    message = _with_length(message, _ATTRIBUTE.size + _INTEGRITY_BYTES) + _attribute(
        Attribute.MESSAGE_INTEGRITY, _sign(message, password)
    )
    message = _with_length(message, _ATTRIBUTE.size + 4)
    return message + _attribute(Attribute.FINGERPRINT, _fingerprint(message))


def _sign(signed_part: bytes, password: str) -> bytes:
    """HMAC-SHA1 over what precedes MESSAGE-INTEGRITY, with the length as if the message ended behind it."""
    data = _with_length(signed_part, _ATTRIBUTE.size + _INTEGRITY_BYTES)
    return hmac.digest(password.encode(), data, "sha1")


def _fingerprint(preceding: bytes) -> bytes:
    return (zlib.crc32(preceding) ^ _FINGERPRINT_XOR).to_bytes(4, "big")


def _with_length(message: bytes, more: int) -> bytes:
    """The message with the length field of one that `more` bytes are appended to."""
    return message[:2] + (len(message) - HEADER_BYTES + more).to_bytes(2, "big") + message[4:]


def _attribute(attribute: Attribute, value: bytes) -> bytes:
    return _ATTRIBUTE.pack(attribute, len(value)) + value.ljust(_padded(len(value)), b"\0")


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _text(value: bytes | None) -> str | None:
    if value is None:
        return None
    if len(value) > MAX_USERNAME_BYTES:
        raise StunError("USERNAME is too long")
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise StunError("USERNAME is not UTF-8") from None


def _integer(value: bytes | None) -> int | None:
    return None if value is None else int.from_bytes(value, "big")


def _unpack_error(value: bytes | None) -> int | None:
    if value is None:
        return None
    if len(value) < 4:
        raise StunError("ERROR-CODE is too short")
    return (value[2] & 0x07) * 100 + value[3]


def _pack_address(address: Address, transaction_id: bytes) -> bytes:
    host = ipaddress.ip_address(address[0])
    family = 1 if host.version == 4 else 2
    port = address[1] ^ (MAGIC_COOKIE >> 16)
    return struct.pack("!BBH", 0, family, port) + _mask(host.packed, transaction_id)


def _unpack_address(value: bytes | None, transaction_id: bytes) -> Address | None:
    if value is None:
        return None
    if len(value) < 4 or len(value) - 4 != _FAMILY_BYTES.get(value[1]):
        raise StunError("XOR-MAPPED-ADDRESS has an unknown form")
    port = int.from_bytes(value[2:4], "big") ^ (MAGIC_COOKIE >> 16)
    host = str(ipaddress.ip_address(_mask(value[4:], transaction_id)))
    return (host, port) if value[1] == 1 else (host, port, 0, 0)


def _mask(packed: bytes, transaction_id: bytes) -> bytes:
    return bytes(byte ^ key for byte, key in zip(packed, _COOKIE_BYTES + transaction_id, strict=False))
