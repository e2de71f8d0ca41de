"""A loop that stands still is noticed, one that is merely late is not."""

from confserver.loop_watch import BEAT_S, EMPTY_BEAT_S, STALL_S, LoopWatch


def test_each_stall_is_counted_once_however_long() -> None:
    watch, now = LoopWatch(), 100.0
    for late_s in (0.0, 0.5, 0.0, STALL_S - 0.01, 30.0, 0.0):
        watch.beat(now := now + BEAT_S + late_s, BEAT_S)
    assert watch.stalls == 2


def test_the_time_before_the_first_beat_is_no_stall() -> None:
    watch = LoopWatch()
    watch.beat(1e6, BEAT_S)
    assert watch.stalls == 0


def test_a_beat_that_may_take_longer_is_no_stall() -> None:
    watch = LoopWatch()
    watch.beat(0.0, EMPTY_BEAT_S)
    watch.beat(EMPTY_BEAT_S + STALL_S / 2, BEAT_S)
    assert watch.stalls == 0
