"""The door's table, walked over the product of its facts."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from confserver.meetings.fields import WaitingRoom
from confserver.meetings.lifecycle import MeetingState
from confserver.rooms.admission import (
    MOST_WAITING,
    NO_MEETING,
    RULES,
    Admitted,
    Credentials,
    Decision,
    Declined,
    Likeness,
    Login,
    MeetingFacts,
    Role,
    SeatShown,
    Standing,
    TokenShown,
    WaitReason,
    Waits,
    admit,
    preview,
)
from signaling.errors import RefusalReason

NOW = 1_000.0
KEY = Credentials(has_access_key=True)
HOST = Credentials(login=Login.HOST)
KNOWN = replace(KEY, login=Login.KNOWN)
STRANGER = Credentials(has_number=True)
SEATS = (None, *(SeatShown(standing, role) for standing in Standing for role in Role))
TOKENS = (None, TokenShown(), *(TokenShown(role, NOW + 1) for role in Role))
WITH_PIN = MeetingFacts(3, room_pin="1234")
WITH_PINS = MeetingFacts(3, room_pin="1234", admin_pin="9876")
BY_HOST = MeetingFacts(3, starts_by_host_only=True)
LOBBY = MeetingFacts(3, waiting_room=WaitingRoom.GUESTS)
LOBBY_FOR_ALL = MeetingFacts(3, waiting_room=WaitingRoom.ALL, admin_pin="9876")
FULL_LOBBY = replace(LOBBY, waiting=MOST_WAITING)
GUARDED = replace(WITH_PIN, is_guarded=True)
HOST_PIN_GUARDED = replace(WITH_PINS, is_host_pin_guarded=True)


def with_pin(pin: str, shown: Credentials = KEY) -> Credentials:
    return replace(shown, pin=pin)


def with_token(token: TokenShown, shown: Credentials = KEY) -> Credentials:
    return replace(shown, token=token)


def with_seat(standing: Standing, role: Role = Role.GUEST, shown: Credentials = KEY) -> Credentials:
    return replace(shown, seat=SeatShown(standing, role))


def decide(facts: MeetingFacts, shown: Credentials) -> str:
    match admit(facts, shown, NOW):
        case Declined(reason):
            return reason.value
        case Waits(reason, role):
            return f"{role} waits, {reason}"
        case Admitted(role):
            return role.value


@pytest.mark.parametrize(
    ("facts", "shown", "expected"),
    [
        (MeetingFacts(3), KEY, "guest"),
        (MeetingFacts(3), Credentials(), "not_allowed"),
        (MeetingFacts(3, present=3), KEY, "full"),
        (MeetingFacts(3, present=3), HOST, "full"),
        (MeetingFacts(3, is_locked=True), KEY, "locked"),
        (MeetingFacts(3, is_locked=True), HOST, "host"),
        (MeetingFacts(3, may_open=False), KEY, "too_many_meetings"),
        (MeetingFacts(3, may_open=False), HOST, "too_many_meetings"),
        # PINs.
        (WITH_PIN, KEY, "pin_required"),
        (WITH_PIN, with_pin("4321"), "wrong_pin"),
        (WITH_PIN, with_pin("1234"), "guest"),
        (WITH_PIN, HOST, "host"),
        (WITH_PINS, with_pin("9876"), "host"),
        (MeetingFacts(3, admin_pin="9876"), with_pin("9876"), "host"),
        (MeetingFacts(3, admin_pin="9876"), with_pin("9876", Credentials()), "not_allowed"),
        (HOST_PIN_GUARDED, with_pin("9876"), "wrong_pin"),
        (HOST_PIN_GUARDED, with_pin("1234"), "guest"),
        (HOST_PIN_GUARDED, HOST, "host"),
        # Of a meeting that is over nobody has anything, and who has not shown the PIN does not learn that.
        (MeetingFacts(3, state=MeetingState.ENDED), KEY, "ended"),
        (MeetingFacts(3, state=MeetingState.EXPIRED), HOST, "ended"),
        (MeetingFacts(3, state=MeetingState.CANCELLED), HOST, "cancelled"),
        (replace(WITH_PIN, state=MeetingState.ENDED), with_pin("1"), "wrong_pin"),
        (replace(WITH_PIN, present=3, is_locked=True), with_pin("1"), "wrong_pin"),
        # A stranger, who knows the number only.
        (WITH_PIN, STRANGER, "pin_required"),
        (WITH_PIN, with_pin("1234", STRANGER), "guest"),
        (GUARDED, with_pin("1234", STRANGER), "host_must_admit"),
        (GUARDED, with_pin("1", STRANGER), "host_must_admit"),
        (GUARDED, with_pin("1234"), "guest"),
        (MeetingFacts(3, admin_pin="9876"), with_pin("9876", STRANGER), "wrong_pin"),
        # Invited by name.
        (WITH_PIN, with_token(TokenShown(Role.GUEST, NOW + 1)), "guest"),
        (WITH_PIN, with_token(TokenShown(Role.HOST, NOW + 1)), "host"),
        (WITH_PIN, with_token(TokenShown(Role.HOST, NOW)), "not_allowed"),
        (WITH_PIN, with_token(TokenShown(None)), "not_allowed"),
        (WITH_PIN, with_token(TokenShown(Role.HOST, NOW + 1, is_in_use=True)), "guest"),
        (WITH_PINS, with_pin("9876", with_token(TokenShown(Role.GUEST, NOW + 1))), "host"),
        (WITH_PINS, with_pin("9875", with_token(TokenShown(Role.GUEST, NOW + 1))), "wrong_pin"),
        (WITH_PIN, with_token(TokenShown(None), with_seat(Standing.FREE)), "guest"),
        # Who must wait.
        (BY_HOST, KEY, "guest waits, not_started"),
        (replace(BY_HOST, is_host_present=True), KEY, "guest"),
        (replace(BY_HOST, is_started=True), KEY, "guest"),
        (replace(LOBBY, starts_by_host_only=True, is_started=True), KEY, "guest waits, host_must_admit"),
        (replace(BY_HOST, is_started=True, state=MeetingState.ENDED), KEY, "ended"),
        (BY_HOST, HOST, "host"),
        (replace(BY_HOST, is_locked=True), KEY, "locked"),
        (LOBBY, KEY, "guest waits, host_must_admit"),
        (LOBBY, HOST, "host"),
        (LOBBY, KNOWN, "guest waits, host_must_admit"),
        (replace(LOBBY, known_users_pass=True), KNOWN, "guest"),
        (replace(LOBBY, known_users_pass=True), KEY, "guest waits, host_must_admit"),
        (LOBBY, with_token(TokenShown(Role.GUEST, NOW + 1)), "guest waits, host_must_admit"),
        (LOBBY, with_token(TokenShown(Role.HOST, NOW + 1)), "host"),
        (LOBBY_FOR_ALL, with_pin("9876"), "host waits, host_must_admit"),
        (LOBBY_FOR_ALL, HOST, "host"),
        (replace(LOBBY, present=3), KEY, "guest waits, host_must_admit"),
        (replace(LOBBY, room_pin="1234"), KEY, "pin_required"),
        (FULL_LOBBY, KEY, "waiting_room_full"),
        (FULL_LOBBY, with_seat(Standing.WAITING), "guest waits, host_must_admit"),
        (replace(LOBBY, room_pin="1234"), with_seat(Standing.WAITING), "guest waits, host_must_admit"),
        (LOBBY, with_seat(Standing.GRANTED), "guest"),
        (replace(LOBBY, is_locked=True), with_seat(Standing.GRANTED), "guest"),
        (BY_HOST, with_seat(Standing.GRANTED), "guest"),
        (replace(LOBBY, present=3), with_seat(Standing.GRANTED), "guest waits, host_must_admit"),
        (replace(BY_HOST, is_locked=True), with_seat(Standing.WAITING), "guest waits, host_must_admit"),
        (LOBBY, with_seat(Standing.FREE), "guest"),
        (LOBBY, replace(KEY, was_declined=True), "declined"),
        (LOBBY, replace(HOST, was_declined=True), "host"),
        # Who was shown the door.
        (MeetingFacts(3), with_seat(Standing.REMOVED), "removed"),
        (MeetingFacts(3), with_seat(Standing.REMOVED, shown=HOST), "host"),
        (MeetingFacts(3), replace(KEY, likeness=Likeness.SAME), "removed"),
        (MeetingFacts(3), replace(HOST, likeness=Likeness.SAME), "host"),
        (MeetingFacts(3), with_token(TokenShown(Role.HOST, NOW + 1), replace(KEY, likeness=Likeness.SAME)), "removed"),
        (MeetingFacts(3), replace(KEY, likeness=Likeness.NEAR), "guest waits, host_must_admit"),
        (MeetingFacts(3), replace(KNOWN, likeness=Likeness.NEAR), "guest"),
        (MeetingFacts(3), with_seat(Standing.HELD, shown=replace(KEY, likeness=Likeness.NEAR)), "guest"),
        (
            MeetingFacts(3, admin_pin="9876"),
            with_pin("9876", replace(KEY, likeness=Likeness.NEAR)),
            "host waits, host_must_admit",
        ),
    ],
)
def test_each_rule(facts: MeetingFacts, shown: Credentials, expected: str) -> None:
    assert decide(facts, shown) == expected


def everybody() -> list[Credentials]:
    """Each combination of what can be shown at the door."""
    flags = (False, True)
    pins = (None, "1234", "9876", "0")
    return [
        Credentials(key, login, pin, number, seat, token, likeness, declined)
        for key, login, pin, number, seat, token, likeness, declined in product(
            flags, Login, pins, flags, SEATS, TOKENS, Likeness, flags
        )
    ]


def meetings() -> list[MeetingFacts]:
    """Each state, policy and count that a rule looks at, with two PINs: guesses are told apart by them."""
    flags = (False, True)
    states = (MeetingState.READY, MeetingState.ENDED, MeetingState.CANCELLED)
    return [
        MeetingFacts(
            capacity=2, present=present, waiting=waiting, state=state, is_locked=locked, is_host_present=host_in,
            is_started=started, starts_by_host_only=True, waiting_room=room, known_users_pass=passing,
            may_open=may_open, room_pin="1234", admin_pin="9876", is_guarded=guarded,
        )
        for present, waiting, state, locked, (host_in, started), room, passing, may_open, guarded in product(
            (1, 2), (0, MOST_WAITING), states, flags, BEGINNINGS, WaitingRoom, flags, flags, flags
        )
    ]  # fmt: skip


BEGINNINGS = ((False, False), (True, False), (False, True))
"""No host is in, one is, or one has started it from outside."""

PROVEN = [
    Credentials(True, login, "1234", False, seat, token, likeness, declined)
    for login in Login
    for seat in (None, *(SeatShown(standing, Role.GUEST) for standing in Standing))
    for token in (None, TokenShown(Role.HOST, NOW + 1))
    for likeness in (Likeness.NONE, Likeness.NEAR)
    for declined in (False, True)
]
"""Who differs to the rules that come after the proof of who one is."""


def pairs() -> Iterator[tuple[MeetingFacts, Credentials]]:
    """Everybody at the meetings that ask for proof; every meeting with those who have proved themselves; of all other
    pairs a sample.
    """
    visitors, every = everybody(), meetings()
    for is_guarded, is_host_pin_guarded in product((False, True), repeat=2):
        facts = replace(WITH_PINS, is_guarded=is_guarded, is_host_pin_guarded=is_host_pin_guarded)
        yield from product([facts], visitors)
    yield from product(every, PROVEN)
    for place, facts in enumerate(every):
        yield from product([facts], visitors[place % 499 :: 499])


def test_the_whole_product_lets_in_only_who_may() -> None:
    answers: set[RefusalReason | WaitReason | None] = set()
    for facts, shown in pairs():
        decision = admit(facts, shown, NOW)
        check(facts, shown, decision)
        answers.add(None if isinstance(decision, Admitted) else decision.reason)
    # Each rule is the first that holds for somebody.
    assert {rule.answer for rule in RULES} | {RefusalReason.WAITING_ROOM_FULL, None} == answers


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_pair_of_the_product_lets_in_only_who_may() -> None:
    for facts, shown in product(meetings(), everybody()):
        check(facts, shown, admit(facts, shown, NOW))


def check(facts: MeetingFacts, shown: Credentials, decision: Decision) -> None:
    owns = shown.login is Login.HOST
    was_in = shown.seat is not None and shown.seat.standing in (Standing.HELD, Standing.FREE)
    waits = shown.seat is not None and shown.seat.standing in (Standing.WAITING, Standing.GRANTED)
    granted = shown.seat is not None and shown.seat.standing is Standing.GRANTED
    removed = shown.likeness is Likeness.SAME or (shown.seat is not None and shown.seat.standing is Standing.REMOVED)
    if removed and not owns:
        assert decision in (Declined(RefusalReason.REMOVED), Declined(RefusalReason.NOT_ALLOWED))
        return
    if isinstance(decision, Declined):
        return
    # Whoever gets a seat or a place: the meeting is there, and they have proved that they are asked to it.
    assert facts.state is MeetingState.READY
    has_good_token = shown.token is not None and shown.token.role is not None
    proved = shown.pin in ("1234", "9876") and (shown.has_access_key or (shown.has_number and shown.pin == "1234"))
    assert owns or was_in or waits or has_good_token or proved
    if not (owns or was_in or waits or has_good_token or shown.has_access_key):
        assert not facts.is_guarded
    # Nobody is a host but by what makes one.
    if decision.role is Role.HOST:
        by_seat = shown.seat is not None and shown.seat.role is Role.HOST and (was_in or waits)
        by_token = shown.token is not None and shown.token.role is Role.HOST
        assert owns or by_seat or by_token or (shown.has_access_key and shown.pin == "9876")
    is_let_through = was_in or granted
    if facts.is_locked and not is_let_through:
        assert decision.role is Role.HOST or (waits and isinstance(decision, Waits))
    if isinstance(decision, Waits):
        assert waits or not (owns or is_let_through)
        assert waits or facts.waiting < MOST_WAITING
        return
    # Nobody is in who must wait, and nobody is in beyond what the meeting holds.
    holds = shown.seat is not None and shown.seat.standing is Standing.HELD
    assert holds or facts.present < facts.capacity
    assert facts.may_open
    if not (is_let_through or owns):
        check_door(facts, shown, decision)


def check_door(facts: MeetingFacts, shown: Credentials, decision: Admitted) -> None:
    """Of who came straight in."""
    passes = facts.known_users_pass and shown.login is Login.KNOWN
    assert facts.waiting_room is not WaitingRoom.ALL or passes
    assert facts.waiting_room is WaitingRoom.OFF or decision.role is Role.HOST or passes
    assert facts.is_host_present or facts.is_started or not facts.starts_by_host_only or decision.role is Role.HOST
    assert shown.likeness is Likeness.NONE or shown.login is not Login.NONE


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (WITH_PIN, "open"),
        (LOBBY, "open"),
        (FULL_LOBBY, "open"),
        (MeetingFacts(3, present=3), "full"),
        (MeetingFacts(3, is_locked=True), "locked"),
        (MeetingFacts(3, state=MeetingState.ENDED), "ended"),
        (MeetingFacts(3, state=MeetingState.CANCELLED), "cancelled"),
        (MeetingFacts(3, may_open=False), "open"),
        (BY_HOST, "not_started"),
        (replace(BY_HOST, is_started=True), "open"),
    ],
)
def test_preview(facts: MeetingFacts, word: str) -> None:
    assert preview(facts, NOW) == word


def test_preview_has_no_pin_reasons() -> None:
    assert RefusalReason.WRONG_PIN.value not in {preview(MeetingFacts(3, room_pin=pin), NOW) for pin in (None, "1234")}


@pytest.mark.parametrize("pin", [None, "1234", "0"])
@pytest.mark.parametrize(
    "facts", [NO_MEETING, MeetingFacts(3), MeetingFacts(3, state=MeetingState.ENDED, is_locked=True)]
)
def test_to_a_stranger_all_doors_that_no_pin_opens_look_alike(facts: MeetingFacts, pin: str | None) -> None:
    stranger = replace(STRANGER, pin=pin)
    assert decide(facts, stranger) == decide(MeetingFacts(3, room_pin="5678"), stranger)
