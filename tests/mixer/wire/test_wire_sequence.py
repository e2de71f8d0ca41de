"""Extended numbers follow the true ones over wraps, jumps and restarts."""

from hypothesis import given
from hypothesis import strategies as st

from mixer.wire.sequence import SequenceExtender


@given(st.integers(0, 65535), st.lists(st.integers(-1000, 30000), max_size=200))
def test_extended_numbers_follow_the_true_ones(start: int, steps: list[int]) -> None:
    extender = SequenceExtender()
    offset = extender.extend(start) - start
    true = start
    for step in steps:
        highest = true + max(step, 0)
        assert extender.extend((true + step) & 0xFFFF) == true + step + offset
        true = highest


def test_a_restart_goes_on_above_everything_before() -> None:
    extender = SequenceExtender()
    extender.extend(60000)
    restarted = extender.restart(100)
    assert restarted > 60000
    assert restarted & 0xFFFF == 100
    assert extender.extend(101) == restarted + 1


def test_other_widths_wrap_at_their_own_end() -> None:
    extender = SequenceExtender(bits=8)
    assert [extender.extend(value) for value in (254, 255, 0, 1, 255)] == [254, 255, 256, 257, 255]
