"""Transport-wide feedback (`mixer.wire.feedback`): an arrival or None for every packet told, or WireError."""

from collections.abc import Iterator

from mixer.wire.errors import WireError
from mixer.wire.feedback import MAX_PACKETS, TransportFeedback, parse_feedback
from mixer.wire.rtcp import TransportFeedbackBody, parse_rtcp

MAX_BYTES = 2048
MOST_REPEATED = 2000
"""Packets told by a feedback that is written again; a few bytes can tell of 65535 that are all lost."""

TIME_MODULUS = 1 << 32
"""Ticks: the reference time on the wire has 24 bits of 256 ticks."""


def target(data: bytes) -> None:
    """Arrivals read the same when they are written again."""
    try:
        feedback = parse_feedback(1, 2, data)
    except WireError:
        return
    assert len(feedback.arrivals) <= MAX_PACKETS
    assert 0 <= feedback.base_seq <= 0xFFFF
    if len(feedback.arrivals) <= MOST_REPEATED and any(arrival is not None for arrival in feedback.arrivals):
        again = parse_feedback(1, 2, _fci(feedback))
        assert (again.base_seq, again.number) == (feedback.base_seq, feedback.number)
        assert list(map(_on_the_wire, again.arrivals)) == list(map(_on_the_wire, feedback.arrivals))


def _fci(feedback: TransportFeedback) -> bytes:
    [body] = parse_rtcp(feedback.pack())
    assert isinstance(body, TransportFeedbackBody)
    return body.fci


def _on_the_wire(arrival: int | None) -> int | None:
    return None if arrival is None else arrival % TIME_MODULUS


def seeds() -> Iterator[bytes]:
    """Vectors, runs, small and large and negative deltas."""
    for arrivals in (
        (0, 5, None, 300, 299),
        (None,) * 30 + (256,),
        tuple(range(0, 4000, 7)),
        (100_000, None, 120_000, 100_001),
    ):
        yield _fci(TransportFeedback(1, 2, 65535, 7, arrivals))
    yield bytes.fromhex("0001000e00000100") + bytes((0b10100000, 0b00000001)) + bytes((4, 8))
