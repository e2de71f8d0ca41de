"""The door's table, walked over the product of its facts."""

from itertools import product

import pytest

from confserver.rooms.admission import (
    NO_MEETING,
    Admitted,
    Credentials,
    Declined,
    MeetingFacts,
    Role,
    SeatShown,
    Standing,
    admit,
    preview,
)
from signaling.errors import RefusalReason

NOW = 1_000.0
KEY = Credentials(has_access_key=True)
SEATS = (None, *(SeatShown(standing, role) for standing in Standing for role in Role))
GUARDED = MeetingFacts(3, room_pin="1234", is_guarded=True)
HOST_PIN_GUARDED = MeetingFacts(3, room_pin="1234", admin_pin="9876", is_host_pin_guarded=True)


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
        (MeetingFacts(3, room_pin="1234", ends_at=NOW), Credentials(True, pin="1"), "wrong_pin"),
        (HOST_PIN_GUARDED, Credentials(True, pin="9876"), "wrong_pin"),
        (HOST_PIN_GUARDED, Credentials(True, pin="1234"), "guest"),
        (HOST_PIN_GUARDED, Credentials(is_host_login=True), "host"),
        # A stranger, who knows the number only.
        (MeetingFacts(3, room_pin="1234"), Credentials(has_number=True), "pin_required"),
        (MeetingFacts(3, room_pin="1234"), Credentials(has_number=True, pin="1234"), "guest"),
        (
            MeetingFacts(3, room_pin="1234", is_guarded=True),
            Credentials(has_number=True, pin="1234"),
            "host_must_admit",
        ),
        (GUARDED, Credentials(has_number=True, pin="1"), "host_must_admit"),
        (GUARDED, Credentials(True, pin="1234"), "guest"),
        (MeetingFacts(3, admin_pin="9876"), Credentials(has_number=True, pin="9876"), "wrong_pin"),
        # Who has not shown the PIN does not learn that the room is locked or full.
        (MeetingFacts(3, present=3, is_locked=True, room_pin="1234"), Credentials(True, pin="1"), "wrong_pin"),
    ],
)
def test_each_rule(facts: MeetingFacts, shown: Credentials, expected: str) -> None:
    assert decide(facts, shown) == expected


def test_whole_product_admits_only_who_may() -> None:
    flags = (False, True)
    for locked, by_host, host_in, full, over, guarded, key, login, number, pin, seat in product(
        *[flags] * 9, (None, "1234", "9876", "0"), SEATS
    ):
        facts = MeetingFacts(
            capacity=2,
            present=2 if full else 1,
            is_locked=locked,
            is_host_present=host_in,
            starts_by_host_only=by_host,
            ends_at=NOW if over else None,
            room_pin="1234",
            admin_pin="9876",
            is_guarded=guarded,
        )
        decision = admit(facts, Credentials(key, login, pin, number, seat), NOW)
        is_host = login or (key and pin == "9876")
        may_enter = (
            not full
            and not over
            and (key or login or (number and not guarded))
            and (is_host or (pin == "1234" and not locked and (host_in or not by_host)))
        )
        match seat:
            case SeatShown(Standing.REMOVED):
                assert decision == Declined(RefusalReason.REMOVED)
                continue
            case SeatShown(standing, role):
                is_host = role is Role.HOST
                may_enter = not over and (standing is Standing.HELD or not full)
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


@pytest.mark.parametrize("pin", [None, "1234", "0"])
@pytest.mark.parametrize("facts", [NO_MEETING, MeetingFacts(3), MeetingFacts(3, ends_at=NOW, is_locked=True)])
def test_to_a_stranger_all_doors_that_no_pin_opens_look_alike(facts: MeetingFacts, pin: str | None) -> None:
    expected = decide(MeetingFacts(3, room_pin="5678"), Credentials(has_number=True, pin=pin))
    assert decide(facts, Credentials(has_number=True, pin=pin)) == expected
