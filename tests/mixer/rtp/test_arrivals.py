"""What is told of arrivals in transport-wide feedback: each packet once, in time, what was lost included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.rtp.arrivals import INTERVAL_S, MAX_SPAN, Arrivals
from mixer.wire.feedback import TICK_S


def test_each_packet_is_told_once_with_the_time_between() -> None:
    arrivals = Arrivals()
    for seq, at in ((65535, 1.000), (0, 1.010), (2, 1.012)):
        arrivals.receive(seq, 77, at)
    feedback = arrivals.poll(1, 1.02)
    assert feedback is not None
    assert (feedback.sender_ssrc, feedback.media_ssrc, feedback.base_seq) == (1, 77, 65535)
    start = round(1.0 / TICK_S)
    assert feedback.arrivals == pytest.approx((start, start + 40, None, start + 48))
    assert arrivals.poll(1, 2.0) is None


def test_the_interval_is_kept_and_what_was_skipped_is_told_as_lost() -> None:
    arrivals = Arrivals()
    arrivals.receive(10, 77, 1.0)
    assert arrivals.poll(1, 1.0)
    arrivals.receive(13, 77, 1.01)
    assert arrivals.poll(1, 1.0 + INTERVAL_S - 0.01) is None
    feedback = arrivals.poll(1, 1.0 + INTERVAL_S)
    assert feedback is not None
    assert (feedback.base_seq, feedback.number) == (11, 2)
    assert [at is None for at in feedback.arrivals] == [True, True, False]


def test_what_comes_late_is_told_all_the_same() -> None:
    arrivals = Arrivals()
    arrivals.receive(10, 77, 1.0)
    arrivals.receive(12, 77, 1.0)
    arrivals.poll(1, 1.0)
    arrivals.receive(11, 77, 1.1)
    feedback = arrivals.poll(1, 1.1)
    assert feedback is not None
    assert feedback.base_seq == 11


def test_sound_is_told_beside_video_and_alone_it_is_not_worth_a_feedback() -> None:
    arrivals = Arrivals()
    assert not arrivals.is_active, "sound need not be fed"
    arrivals.receive(10, 77, 1.0)
    arrivals.receive(11, None, 1.0)
    feedback = arrivals.poll(1, 1.0)
    assert feedback is not None
    assert len(feedback.arrivals) == 2
    assert arrivals.is_active
    arrivals.receive(12, None, 1.1)
    assert arrivals.poll(1, 1.1) is None
    assert not arrivals.is_active
    arrivals.receive(500, 77, 9.0)
    feedback = arrivals.poll(1, 9.0)
    assert feedback is not None
    assert (feedback.base_seq, len(feedback.arrivals)) == (500, 1), "what was not fed is not told as lost"


def test_after_a_stall_of_the_process_the_feedback_is_still_sound() -> None:
    arrivals = Arrivals()
    arrivals.receive(10, 77, 1.0)
    arrivals.receive(11, 77, 60.0)
    feedback = arrivals.poll(1, 60.0)
    assert feedback is not None
    assert feedback.arrivals[0] is None
    feedback.pack()


@given(st.lists(st.tuples(st.integers(0, 65535), st.floats(0, 0.2)), max_size=100))
def test_whatever_arrives_the_feedback_fits_a_datagram(packets: list[tuple[int, float]]) -> None:
    arrivals = Arrivals()
    now = 1.0
    for seq, step in packets:
        now += step
        arrivals.receive(seq, 77, now)
        feedback = arrivals.poll(1, now)
        if feedback:
            assert len(feedback.arrivals) <= MAX_SPAN + 1
            assert len(feedback.pack()) < 1100
