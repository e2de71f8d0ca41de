"""An invitation with a name: worth what it was made for, as long and as often as it was made for, to one at a time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confserver.errors import Conflict, NotFound
from confserver.meetings.meeting import Meeting
from confserver.rooms import join_tokens
from confserver.rooms.admission import Role
from confserver.rooms.join_tokens import MAX_CHARACTERS, Issued, JoinTokens, Wanted
from confserver.rooms.waiting_rooms import HELD_S
from signaling.commands import Admit, Decline
from signaling.errors import Refused
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import OPERATOR, House, Page, knock
from tests.confserver.rooms.test_meeting_door import refusal
from tests.confserver.rooms.test_waiting_room import host_of, waiting_id

LATER = datetime(2120, 1, 1, tzinfo=UTC)
GRACE = Wanted("Grace Hopper", Role.GUEST, is_one_time=False, expires_at=LATER)
ONCE = replace(GRACE, is_one_time=True)


async def issue(house: House, meeting: Meeting, wanted: Wanted = GRACE) -> Issued:
    return await house.services.join_tokens.issue(meeting, wanted, OPERATOR)


async def test_it_gives_name_and_role_and_stands_for_the_pin(house: House) -> None:
    meeting = await house.meeting(room_pin="1234")
    guest = await issue(house, meeting)
    host = await issue(house, meeting, Wanted("Hedy", Role.HOST, False, LATER))
    seat, _ = await house.enter(meeting, "Somebody", join_token=guest.text)
    (view,) = seat.welcome.participants
    assert (view.display_name, view.role, view.is_verified) == ("Grace Hopper", "guest", True)
    seat, _ = await house.enter(meeting, "Somebody", join_token=host.text)
    assert (seat.welcome.role, seat.welcome.participants[-1].display_name) == ("host", "Hedy")


async def test_without_a_name_of_its_own_the_holder_chooses_one(house: House) -> None:
    meeting = await house.meeting()
    token = await issue(house, meeting, replace(GRACE, display_name=None))
    seat, _ = await house.enter(meeting, "Ada Lovelace", join_token=token.text)
    assert seat.welcome.participants[0].display_name == "Ada Lovelace (guest)"
    assert not seat.welcome.participants[0].is_verified


async def test_it_names_the_meeting_without_the_link(house: House) -> None:
    meeting, other = await house.meeting(), await house.meeting()
    token = await issue(house, meeting)
    await house.enter(meeting, access_key=None, meeting_id=meeting.id, join_token=token.text)
    by_id = {"access_key": None, "join_token": token.text}
    assert await refusal(house, other, meeting_id=other.id, **by_id) == ("not_found", 0.0)
    assert await refusal(house, other, join_token=token.text) == ("not_allowed", 0.0)


async def test_expired_revoked_and_forged_ones_let_nobody_in(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting()
    expires_at = datetime.fromtimestamp(door_clock.now, UTC) + timedelta(seconds=60)
    short, revoked = await issue(house, meeting, replace(GRACE, expires_at=expires_at)), await issue(house, meeting)
    seat, _ = await house.enter(meeting, join_token=revoked.text)
    await house.services.join_tokens.revoke(meeting, revoked.token.id, OPERATOR)
    seat.leave()
    await house.enter(meeting, join_token=short.text)
    door_clock.now += 60
    forged = JoinTokens(house.services.join_tokens._store, b"another key" * 3)
    for text in (short.text, revoked.text, revoked.text[:-5], (await forged.issue(meeting, GRACE, OPERATOR)).text, "x"):
        assert await refusal(house, meeting, join_token=text) == ("not_allowed", 0.0)
    with pytest.raises(NotFound):
        await house.services.join_tokens.revoke(meeting, revoked.token.id, OPERATOR)


async def test_a_host_token_makes_one_host_at_a_time(house: House) -> None:
    meeting = await house.meeting()
    token = await issue(house, meeting, Wanted("Hedy", Role.HOST, False, LATER))
    first, _ = await house.enter(meeting, "Hedy", join_token=token.text)
    second, _ = await house.enter(meeting, "Hedy", join_token=token.text)
    assert (first.welcome.role, second.welcome.role) == ("host", "guest")
    assert second.welcome.participants[1].display_name == "Hedy (guest)"
    # The first comes back to what they were.
    first.disconnect(is_going_away=True)
    again, _ = await house.enter(meeting, "Hedy", join_token=token.text, seat_token=first.welcome.seat_token)
    assert (again.welcome.role, again.welcome.is_resumed) == ("host", True)


async def test_of_all_who_come_at_once_with_a_one_time_token_one_gets_in(house: House) -> None:
    meeting = await house.meeting(capacity=20)
    token = await issue(house, meeting, ONCE)
    pages = [Page() for _ in range(12)]
    knocks = (house.door.enter(knock(meeting, "Grace", join_token=token.text), page) for page in pages)
    outcomes = await asyncio.gather(*knocks, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert {str(outcome) for outcome in outcomes if isinstance(outcome, Refused)} == {"not_allowed"}
    assert len(house.room(meeting).participants) == 1


async def test_who_used_a_one_time_token_comes_back_to_their_seat_with_it(house: House) -> None:
    meeting = await house.meeting()
    token = await issue(house, meeting, ONCE)
    seat, _ = await house.enter(meeting, join_token=token.text)
    seat.disconnect(is_going_away=True)
    again, _ = await house.enter(meeting, join_token=token.text, seat_token=seat.welcome.seat_token)
    assert again.welcome.is_resumed
    assert (await refusal(house, meeting, join_token=token.text))[0] == "not_allowed"
    again.leave()
    assert (await refusal(house, meeting, join_token=token.text))[0] == "not_allowed"


async def test_who_does_not_get_in_has_not_used_it(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(waiting_room="GUESTS", capacity=2)
    ada, _ = await host_of(house, meeting)
    token = await issue(house, meeting, ONCE)
    # Turned away, gone before anybody let them in, lost: each time it may be used again.
    for how in ("declined", "left", "lost"):
        page = await house.knock(meeting, join_token=token.text)
        assert page.place is not None
        assert (await refusal(house, meeting, join_token=token.text))[0] == "not_allowed"
        match how:
            case "declined":
                ada.obey(Decline(waiting_id=waiting_id(page)))
            case "left":
                page.place.leave()
            case "lost":
                page.place.disconnect(is_going_away=False)
        door_clock.now += 60 + HELD_S
        house.door.tend()
        assert await house.tokens_writer.flush()
    page = await house.knock(meeting, join_token=token.text)
    ada.obey(Admit(waiting_id=waiting_id(page)))
    assert page.seat is not None
    assert await house.tokens_writer.flush()
    page.seat.leave()
    assert (await refusal(house, meeting, join_token=token.text))[0] == "not_allowed"


async def test_a_refusal_after_it_was_used_gives_it_back(house: House) -> None:
    meeting = await house.meeting(capacity=1)
    token = await issue(house, meeting, ONCE)
    knocks = (house.door.enter(knock(meeting, "B", **shown), Page()) for shown in ({}, {"join_token": token.text}))
    await asyncio.gather(*knocks, return_exceptions=True)
    (only,) = house.room(meeting).participants.values()
    assert await house.tokens_writer.flush()
    stored = await house.services.join_tokens.read(token.text)
    assert stored is not None
    assert (stored.used_at is None) is (only.marks.token_id is None)


async def test_guesses_at_the_hosts_pin_are_not_free_for_the_invited(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(admin_pin="9876")
    token = await issue(house, meeting)
    assert await refusal(house, meeting, join_token=token.text, pin="1111") == ("wrong_pin", 1.0)
    assert await refusal(house, meeting, join_token=token.text, pin="9876") == ("wrong_pin", 1.0)


async def test_a_meeting_has_500_at_most_and_the_expired_make_room(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join_tokens, "MOST_OF_MEETING", 2)
    meeting = await house.meeting()
    await issue(house, meeting, replace(GRACE, expires_at=datetime(2020, 1, 1, tzinfo=UTC)))
    await issue(house, meeting)
    await issue(house, meeting)
    with pytest.raises(Conflict):
        await issue(house, meeting)
    assert len(await house.services.join_tokens.of_meeting(meeting.id)) == 2


@pytest.mark.parametrize("name", ["G", "\U0001f600" * 64, "é" * 64, '"' * 64])
async def test_the_longest_name_fits_into_a_token(house: House, name: str) -> None:
    issued = await issue(house, await house.meeting(), replace(GRACE, display_name=name))
    assert len(issued.text) < MAX_CHARACTERS
    assert issued.text.isascii()
    read = await house.services.join_tokens.read(issued.text)
    assert read is not None
    assert read.display_name == name
    assert issued.text not in repr(issued)


@given(text=st.text(max_size=80) | st.text(st.characters(codec="ascii"), max_size=MAX_CHARACTERS + 5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_no_text_is_a_token_and_none_is_an_error(text: str) -> None:
    unread: Any = None  # it never gets so far as to ask storage
    assert asyncio.run(JoinTokens(unread, bytes(32)).read(text)) is None
