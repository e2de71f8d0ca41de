"""Every fuzz target in the ordinary run, without atheris: all seeds, past crashers, and what Hypothesis makes of them.

`make fuzz` does the same for longer, guided by coverage, and measures what an input costs.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.pieces import MAX_STEP_BYTES, MAX_STEPS, cut, join
from fuzz.target import CRASHERS, NAMES, load

EXAMPLES = 100
LONGEST_SEED = 8192
"""Longer ones are tried as they are, not in a hundred variations."""


@pytest.mark.parametrize("name", NAMES)
def test_seeds_and_past_crashers_break_no_promise(name: str) -> None:
    target = load(name)
    inputs = list(target.known())
    assert inputs
    for data in (b"", *inputs):
        target.check(data)


@pytest.mark.parametrize("name", NAMES)
def test_invented_input_breaks_no_promise(name: str) -> None:
    target = load(name)
    seeds = [seed for seed in target.known() if len(seed) <= LONGEST_SEED]

    @settings(deadline=None, max_examples=EXAMPLES)
    @given(st.binary(max_size=300) | damaged(seeds))
    def check(data: bytes) -> None:
        target.check(data[: target.max_bytes])

    check()


def damaged(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """A seed of which a part is replaced, or that goes on as another one."""
    place, filling = st.integers(0, LONGEST_SEED), st.binary(max_size=16) | st.sampled_from(seeds)
    return st.builds(
        lambda seed, start, size, part: seed[: start % (len(seed) + 1)] + part + seed[start % (len(seed) + 1) + size :],
        st.sampled_from(seeds),
        place,
        st.integers(0, 64),
        filling,
    )


def test_every_crasher_has_its_target() -> None:
    assert {folder.name for folder in CRASHERS.iterdir()} <= set(NAMES)


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=40)), max_size=MAX_STEPS))
def test_steps_are_cut_as_they_were_joined(steps: list[tuple[int, bytes]]) -> None:
    assert list(cut(join(steps))) == steps


@given(st.binary(max_size=400))
def test_any_bytes_are_steps(data: bytes) -> None:
    steps = list(cut(data))
    assert len(steps) <= MAX_STEPS
    assert all(len(payload) <= MAX_STEP_BYTES for _, payload in steps)
