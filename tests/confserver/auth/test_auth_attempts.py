"""Guessing on invented time: free attempts, growing waits, bounds."""

import pytest

from confserver.auth import attempts as module
from confserver.auth.attempts import FORGET_AFTER_S, Attempts
from confserver.errors import TooManyRequests
from confserver.http.pace import Pace


def wait_of(attempts: Attempts, key: str, now: float) -> float:
    try:
        attempts.begin(key, now)
    except TooManyRequests as error:
        return error.retry_after_s
    return 0.0


def test_waits_double_up_to_the_longest() -> None:
    attempts, now, waits = Attempts(free=2, longest_wait_s=10.0), 0.0, []
    for _ in range(9):
        wait = wait_of(attempts, "ada", now)
        if wait:
            waits.append(wait)
            now += wait
            attempts.begin("ada", now)
    assert waits == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_a_million_failures_wait_no_longer_than_the_longest() -> None:
    attempts, now = Attempts(free=0, longest_wait_s=1.0), 0.0
    for _ in range(2000):
        attempts.begin("ada", now)
        now += 1.0
    assert wait_of(attempts, "ada", now - 1.0) == 1.0


def test_many_at_once_gain_nothing() -> None:
    attempts = Attempts(free=3, longest_wait_s=10.0)
    assert [wait_of(attempts, "ada", 0.0) > 0 for _ in range(6)] == [False] * 4 + [True] * 2


def test_success_and_long_quiet_start_anew() -> None:
    attempts = Attempts(free=0, longest_wait_s=10.0)
    attempts.begin("ada", 0.0)
    attempts.succeeded("ada")
    attempts.begin("ada", 0.0)
    attempts.begin("ada", FORGET_AFTER_S + 1.0)
    assert wait_of(attempts, "bob", 0.0) == 0.0


def test_memory_is_bounded_and_the_quietest_key_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEYS", 2)
    attempts = Attempts(free=0, longest_wait_s=10.0)
    for key in ("a", "b", "c"):
        attempts.begin(key, 0.0)
    assert [wait_of(attempts, key, 0.0) for key in ("c", "a")] == [1.0, 0.0]


def test_pace_allows_a_burst_then_a_rate() -> None:
    pace = Pace(per_s=2.0, burst=3)
    for _ in range(3):
        pace.take("ada", 0.0)
    with pytest.raises(TooManyRequests) as caught:
        pace.take("ada", 0.0)
    assert caught.value.retry_after_s == 0.5
    pace.take("ada", 0.5)
    with pytest.raises(TooManyRequests):
        pace.take("ada", 0.5)
    pace.take("bob", 0.5)
