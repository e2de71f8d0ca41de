"""When an arrival says something of the network, and when only of ourselves."""

import pytest

from mixer.audio.beat import HELD_UP_S, Beat


def test_time_is_kept_while_ticks_come_and_before_the_first() -> None:
    beat = Beat()
    assert beat.is_kept(5.0)
    for tick in range(10):
        beat.tick(10.0 + 0.02 * tick)
        assert beat.is_kept(10.0 + 0.02 * tick + 0.019)


@pytest.mark.parametrize("stall_s", [0.15, 0.5, 60.0])
def test_after_a_stall_time_is_kept_again_when_what_waited_has_been_read(stall_s: float) -> None:
    beat = Beat()
    beat.tick(10.0)
    resumed_at = 10.0 + stall_s
    assert not beat.is_kept(resumed_at), "read before the first tick"
    beat.tick(resumed_at)
    assert not beat.is_kept(resumed_at + 0.01), "read after it"
    for tick in range(1, 6):
        beat.tick(resumed_at + 0.02 * tick)
    assert beat.is_kept(resumed_at + HELD_UP_S)


def test_a_late_tick_is_no_stall() -> None:
    beat = Beat()
    beat.tick(10.0)
    beat.tick(10.09)
    assert beat.is_kept(10.09)
