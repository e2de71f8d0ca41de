"""When certificates are renewed, and how long the server waits after an authority said no."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confserver.tls import self_signed
from confserver.tls.renewal import LONGEST_PAUSE_S, due_at, pause_s
from tests.confserver.tls.authority import TestAuthority

HOUR_S = 3600.0


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_a_certificate_is_due_after_two_thirds_of_its_life_and_well_before_its_end(chance: float) -> None:
    root = TestAuthority().root
    life = root.not_valid_after_utc - root.not_valid_before_utc
    assert life * 0.66 <= due_at(root, chance) - root.not_valid_before_utc <= life * 0.75


def test_who_fails_for_ever_never_fails_five_times_in_an_hour() -> None:
    attempts = [0.0, *accumulate(pause_s(failures, 0.0) for failures in range(1, 40))]
    assert all(later - earlier > HOUR_S for earlier, later in zip(attempts, attempts[4:], strict=False))


@given(failures=st.integers(0, 10**6), chance=st.floats(0, 1))
def test_pauses_are_bounded(failures: int, chance: float) -> None:
    assert 300 <= pause_s(failures, chance) <= LONGEST_PAUSE_S * 1.2


def test_what_is_made_here_lives_a_year() -> None:
    assert timedelta(days=365) == self_signed.LIFE
    assert self_signed.make_self_signed({"localhost"}, datetime.now(UTC)).count(b"-----BEGIN ") == 2
