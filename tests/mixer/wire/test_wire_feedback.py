"""Transport-wide feedback is read as it was written, and what cannot be said in it is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.wire.errors import WireError
from mixer.wire.feedback import REFERENCE_TICKS, TransportFeedback, parse_feedback
from mixer.wire.rtcp import TransportFeedbackBody, parse_rtcp


def reparse(feedback: TransportFeedback) -> TransportFeedback:
    [body] = parse_rtcp(feedback.pack())
    assert isinstance(body, TransportFeedbackBody)
    return parse_feedback(body.sender_ssrc, body.media_ssrc, body.fci)


steps = st.one_of(st.none(), st.integers(0, 255), st.integers(-2000, 30000))


@given(st.integers(0, 65535), st.integers(0, 255), st.lists(steps, min_size=1, max_size=200), st.integers(0, 2**20))
def test_arrivals_are_read_as_written(base: int, number: int, deltas: list[int | None], start: int) -> None:
    arrivals: list[int | None] = []
    at = start + 2000 * 200
    for delta in deltas:
        at += delta or 0
        arrivals.append(None if delta is None else at)
    feedback = TransportFeedback(1, 2, base, number, tuple(arrivals))
    if all(arrival is None for arrival in arrivals):
        with pytest.raises(WireError):
            feedback.pack()
    else:
        assert reparse(feedback) == feedback


def test_a_long_run_is_told_in_few_bytes() -> None:
    lost = (None,) * 20_000
    feedback = TransportFeedback(1, 2, 0, 0, (*lost, REFERENCE_TICKS))
    assert len(feedback.pack()) < 40
    assert reparse(feedback) == feedback


def test_one_bit_vectors_of_others_are_understood() -> None:
    fci = bytes.fromhex("0001 000e 000001 00") + bytes((0b10100000, 0b00000001)) + bytes((4, 8))
    assert parse_feedback(1, 2, fci).arrivals == (260, *(None,) * 12, 268)


def test_what_is_too_long_apart_is_refused() -> None:
    with pytest.raises(WireError):
        TransportFeedback(1, 2, 0, 0, (0, 0x8000)).pack()


@given(st.binary(max_size=60))
def test_only_the_wire_error_escapes(fci: bytes) -> None:
    try:
        feedback = parse_feedback(1, 2, fci)
    except WireError:
        return
    assert len(feedback.arrivals) <= 0xFFFF
