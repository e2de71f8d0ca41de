"""The door's table, walked over the product of its facts."""

from itertools import product

import pytest

from confserver.rooms.admission import Admitted, Credentials, Declined, MeetingFacts, Role, admit, preview
from confserver.rooms.guessing import FORGET_AFTER_S, MAX_DELAY_S, MAX_REMEMBERED, GuessThrottle
from signaling.errors import RefusalReason

NOW = 1_000.0
KEY = Credentials(has_access_key=True)


def decide(facts: MeetingFacts, shown: Credentials) -> str:
    decision = admit(facts, shown, NOW)
    return decision.reason.value if isinstance(decision, Declined) else decision.role.value


@pytest.mark.parametrize(
    ("facts", "shown", "expected"),
    [
        (MeetingFacts(3), KEY, "guest"),
        (MeetingFacts(3), Credentials(), "not_allowed"),
        (MeetingFacts(3, present=3), KEY, "full"),
        (MeetingFacts(3, present=3), Credentials(is_host_login=True), "full"),
        (MeetingFacts(3, is_locked=True), KEY, "locked"),
        (MeetingFacts(3, is_locked=True), Credentials(is_host_login=True), "host"),
        (MeetingFacts(3, room_pin="1234"), KEY, "pin_required"),
        (MeetingFacts(3, room_pin="1234"), Credentials(True, pin="4321"), "wrong_pin"),
        (MeetingFacts(3, room_pin="1234"), Credentials(True, pin="1234"), "guest"),
        (MeetingFacts(3, room_pin="1234", admin_pin="9876"), Credentials(True, pin="9876"), "host"),
        (MeetingFacts(3, admin_pin="9876"), Credentials(True, pin="9876"), "host"),
        (MeetingFacts(3, admin_pin="9876"), Credentials(False, pin="9876"), "not_allowed"),
        (MeetingFacts(3, room_pin="1234"), Credentials(is_host_login=True), "host"),
        (MeetingFacts(3, starts_by_host_only=True), KEY, "not_started"),
        (MeetingFacts(3, starts_by_host_only=True, is_host_present=True), KEY, "guest"),
        (MeetingFacts(3, ends_at=NOW), KEY, "ended"),
        (MeetingFacts(3, ends_at=NOW), Credentials(is_host_login=True), "ended"),
        (MeetingFacts(3, ends_at=NOW + 1), KEY, "guest"),
        # Who has not shown the PIN does not learn that the room is locked or full.
        (MeetingFacts(3, present=3, is_locked=True, room_pin="1234"), Credentials(True, pin="1"), "wrong_pin"),
    ],
)
def test_each_rule(facts: MeetingFacts, shown: Credentials, expected: str) -> None:
    assert decide(facts, shown) == expected


def test_whole_product_admits_only_who_may() -> None:
    flags = (False, True)
    for locked, by_host, host_in, full, over, key, login, pin in product(*[flags] * 7, (None, "1234", "9876", "0")):
        facts = MeetingFacts(
            capacity=2,
            present=2 if full else 1,
            is_locked=locked,
            is_host_present=host_in,
            starts_by_host_only=by_host,
            ends_at=NOW if over else None,
            room_pin="1234",
            admin_pin="9876",
        )
        decision = admit(facts, Credentials(key, login, pin), NOW)
        is_host = login or (key and pin == "9876")
        may_enter = (
            not full
            and not over
            and (key or login)
            and (is_host or (pin == "1234" and not locked and (host_in or not by_host)))
        )
        assert isinstance(decision, Admitted) is bool(may_enter)
        if isinstance(decision, Admitted):
            assert decision.role is (Role.HOST if is_host else Role.GUEST)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (MeetingFacts(3, room_pin="1234"), "open"),
        (MeetingFacts(3, present=3), "full"),
        (MeetingFacts(3, is_locked=True), "locked"),
        (MeetingFacts(3, ends_at=NOW - 1), "ended"),
        (MeetingFacts(3, starts_by_host_only=True), "not_started"),
    ],
)
def test_preview(facts: MeetingFacts, word: str) -> None:
    assert preview(facts, NOW) == word


def test_preview_has_no_pin_reasons() -> None:
    assert RefusalReason.WRONG_PIN.value not in {preview(MeetingFacts(3, room_pin=pin), NOW) for pin in (None, "1234")}


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
