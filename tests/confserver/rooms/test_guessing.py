"""Who guesses is slowed down; who holds the key is not slowed down by others."""

import pytest

from confserver.rooms.guessing import (
    FORGET_AFTER_S,
    GUARD_AFTER,
    GUARD_WINDOW_S,
    HOST_GUARD_AFTER,
    MAX_DELAY_S,
    MAX_REMEMBERED,
    Guess,
    GuessThrottle,
    PinGuard,
)


def test_guesses_wait_longer_each_time_and_are_forgotten() -> None:
    throttle, key = GuessThrottle(), ("meeting", "10.0.0.1")
    assert throttle.wait_s(key, 0.0) == 0.0
    assert [throttle.failed(key, 0.0) for _ in range(8)] == [1, 2, 4, 8, 16, 32, MAX_DELAY_S, MAX_DELAY_S]
    assert throttle.wait_s(key, 20.0) == MAX_DELAY_S - 20.0
    assert throttle.wait_s(("meeting", "10.0.0.2"), 20.0) == 0.0
    assert throttle.wait_s(key, FORGET_AFTER_S + 1.0) == 0.0
    throttle.failed(key, 0.0)
    throttle.succeeded(key)
    assert throttle.wait_s(key, 0.0) == 0.0


def test_memory_of_guesses_is_bounded() -> None:
    throttle = GuessThrottle()
    for index in range(MAX_REMEMBERED + 10):
        throttle.failed(("meeting", str(index)), float(index))
    assert throttle.wait_s(("meeting", "0"), float(MAX_REMEMBERED)) == 0.0
    assert throttle.wait_s(("meeting", str(MAX_REMEMBERED + 9)), float(MAX_REMEMBERED + 9)) > 0.0


def test_a_holder_of_the_key_is_not_slowed_down_by_strangers_of_the_same_source() -> None:
    guard, stranger, holder = PinGuard(), Guess("meeting", "10.0.0.1", False), Guess("meeting", "10.0.0.1", True)
    for _ in range(2 * GUARD_AFTER):
        guard.failed(stranger, 0.0)
    assert guard.wait_s(stranger, 0.0) == MAX_DELAY_S
    assert guard.is_guarded(stranger, 0.0)
    assert guard.wait_s(holder, 0.0) == 0.0
    assert not guard.is_guarded(holder, 0.0)


def test_a_stranger_pays_for_their_guesses_at_all_meetings() -> None:
    guard = PinGuard()
    guard.failed(Guess("one", "10.0.0.1", False), 0.0)
    assert guard.failed(Guess("two", "10.0.0.1", False), 0.0) == 2.0
    assert guard.failed(Guess("two", "10.0.0.2", False), 0.0) == 1.0
    guard.succeeded(Guess("own", "10.0.0.1", False))
    assert guard.wait_s(Guess("two", "10.0.0.1", False), 0.0) == 2.0


@pytest.mark.parametrize(("failures", "is_guarded"), [(GUARD_AFTER - 1, False), (GUARD_AFTER, True)])
def test_a_meeting_is_guarded_whatever_sources_strangers_guess_from(failures: int, is_guarded: bool) -> None:
    guard = PinGuard()
    for index in range(failures):
        guard.failed(Guess("meeting", f"10.0.0.{index}", False), float(index))
    newcomer = Guess("meeting", "192.0.2.1", False)
    assert guard.is_guarded(newcomer, GUARD_WINDOW_S - 1.0) is is_guarded
    assert not guard.is_guarded(Guess("other", "192.0.2.1", False), 20.0)
    assert not guard.is_guarded(newcomer, GUARD_WINDOW_S)


def test_memory_of_guarded_meetings_is_bounded() -> None:
    guard = PinGuard()
    for index in range(MAX_REMEMBERED + 1):
        guard.failed(Guess(f"number {index}", "10.0.0.1", False), 0.0)
    for _ in range(GUARD_AFTER - 1):
        guard.failed(Guess("number 0", "10.0.0.1", False), 0.0)
    assert not guard.is_guarded(Guess("number 0", "10.0.0.1", False), 0.0)


def test_guesses_at_numbers_that_lead_nowhere_do_not_take_the_guard_off() -> None:
    guard = PinGuard()
    for source in range(GUARD_AFTER):
        guard.failed(Guess("weekly", str(source), has_key=False), 0.0)
    for number in range(MAX_REMEMBERED + 1):
        guard.failed(Guess(f"number {number}", "elsewhere", has_key=False, leads_nowhere=True), 1.0)
    assert guard.is_guarded(Guess("weekly", "anybody", has_key=False), 2.0)


def test_who_holds_the_key_in_many_places_does_not_guess_the_hosts_pin() -> None:
    guard = PinGuard()
    for index in range(HOST_GUARD_AFTER):
        assert not guard.guards_host_pin(Guess("meeting", "192.0.2.1", True), float(index))
        guard.failed(Guess("meeting", f"10.0.0.{index}", True), float(index))
    newcomer, at = Guess("meeting", "192.0.2.1", True), float(HOST_GUARD_AFTER)
    assert guard.guards_host_pin(newcomer, at)
    assert guard.wait_s(newcomer, at) == 0.0
    assert not guard.is_guarded(newcomer, at)
    assert not guard.guards_host_pin(Guess("other", "192.0.2.1", True), at)
    assert not guard.guards_host_pin(newcomer, GUARD_WINDOW_S)
