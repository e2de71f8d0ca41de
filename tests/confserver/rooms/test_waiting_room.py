"""Whoever waits sees and hears nothing of the meeting, until a host lets them in or turns them away."""

from typing import Any

import pytest

from confserver.auth.identity import Role as UserRole
from confserver.events import RoomEventKind
from confserver.meetings.lifecycle import Cause
from confserver.meetings.meeting import Meeting
from confserver.rooms.admission import MOST_WAITING
from confserver.rooms.changes import Changes
from confserver.rooms.waiting_entry import LIVES_S, WaitingState
from confserver.rooms.waiting_rooms import HELD_S, LOOK_EVERY_S, REJECTED_S
from mixer.params import SetParticipant
from signaling.commands import Admit, Decline, Lock, MakeHost
from signaling.errors import RefusalReason, Refused, RequestError
from signaling.ports import EndReason, Seat, WaitingList
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import OPERATOR, House, Page
from tests.confserver.rooms.test_meeting_door import add_user, log_in, refusal

LOBBY = {"waiting_room": "GUESTS"}


async def host_of(house: House, meeting: Meeting, **shown: Any) -> tuple[Seat, Page]:
    return await house.enter(meeting, "Ada", token=await log_in(house, house.owner), **shown)


def waiting_id(page: Page) -> str:
    assert page.place is not None
    return page.place.waiting.waiting_id


def listed(page: Page) -> list[str]:
    """Who waits, as a host was told last."""
    told = [message for message in page.told if isinstance(message, WaitingList)]
    return [each.display_name for each in told[-1].waiting]


def come_again(page: Page, **shown: Any) -> dict[str, Any]:
    """What their page shows after a reload."""
    assert page.waiting is not None
    return {"seat_token": page.waiting.seat_token, **shown}


async def test_who_waits_is_told_why_and_nothing_of_who_is_in(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    await host_of(house, meeting)
    told = len(house.media.told)
    bob = await house.knock(meeting, "Bob")
    assert bob.place is not None
    waiting = bob.place.waiting
    assert (waiting.reason, waiting.subject, waiting.host_name) == ("host_must_admit", "Weekly", "Ada Lovelace")
    assert waiting.look.text == "Welcome"
    # The meeting knows nothing of them either: no participant, no endpoint, no command to the media plane.
    await bob.place.negotiate("v=0", {}, is_new=True)
    assert len(house.room(meeting).participants) == 1
    assert house.media.told[told:] == []
    assert house.music.heard == {waiting.waiting_id}
    assert bob.told == []


async def test_a_host_lets_in_one_or_all(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    ada, ada_page = await host_of(house, meeting)
    bob, cleo, dan = [await house.knock(meeting, name) for name in ("Bob", "Cleo", "Dan")]
    assert listed(ada_page) == ["Bob", "Cleo", "Dan"]
    ada.obey(Admit(waiting_id=waiting_id(cleo)))
    assert cleo.seat is not None
    assert cleo.seat.participant_id in house.room(meeting).participants
    assert (listed(ada_page), bob.seat) == (["Bob", "Dan"], None)
    ada.obey(Admit(waiting_id=None))
    assert bob.seat is not None
    assert dan.seat is not None
    assert listed(ada_page) == []
    assert house.music.heard == set()
    with pytest.raises(RequestError, match="Nobody waits"):
        ada.obey(Admit(waiting_id="nobody"))


async def test_however_many_are_let_in_hosts_are_told_once(house: House) -> None:
    meeting = await house.meeting(**LOBBY, capacity=200)
    ada, page = await host_of(house, meeting)
    for number in range(MOST_WAITING):
        await house.knock(meeting, f"guest {number}")
    page.told.clear()
    ada.obey(Admit(waiting_id=None))
    assert [type(message) for message in page.told].count(WaitingList) == 1
    assert len(page.told) == MOST_WAITING + 1


async def test_the_seat_is_the_place_they_waited_at(house: House) -> None:
    meeting = await house.meeting(**LOBBY, mute_on_entry=True)
    ada, _ = await host_of(house, meeting)
    bob = await house.knock(meeting, "Bob", has_camera=True)
    place = waiting_id(bob)
    ada.obey(Admit(waiting_id=place))
    assert bob.seat is not None
    assert bob.seat.participant_id == place
    assert house.room(meeting).participants[place].is_self_muted
    bob.seat.disconnect(is_going_away=True)
    again, _ = await house.enter(meeting, "Bob", seat_token=bob.seat.welcome.seat_token)
    assert again.welcome.is_resumed


async def test_who_is_turned_away_hears_the_hosts_word_and_may_knock_again_later(
    house: House, door_clock: Clock
) -> None:
    meeting = await house.meeting(**LOBBY)
    ada, ada_page = await host_of(house, meeting)
    bob = await house.knock(meeting, "Bob", device="d" * 16)
    token = come_again(bob)
    ada.obey(Decline(waiting_id=waiting_id(bob), word="Next week, please"))
    assert bob.refusal is not None
    assert (bob.refusal.reason, bob.refusal.word) == (RefusalReason.DECLINED, "Next week, please")
    assert listed(ada_page) == []
    door_clock.now += 10
    for shown in (token, {"device": "d" * 16}):
        assert await refusal(house, meeting, **shown) == ("declined", REJECTED_S - 10)
    door_clock.now += REJECTED_S
    house.door.tend()
    assert (await house.knock(meeting, "Bob", device="d" * 16)).place is not None


async def test_who_is_turned_away_while_they_are_gone_is_turned_away_as_long(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(**LOBBY)
    ada, _ = await host_of(house, meeting)
    bob = await house.knock(meeting, "Bob", device="d" * 16)
    assert bob.place is not None
    bob.place.disconnect(is_going_away=False)
    ada.obey(Decline(waiting_id=waiting_id(bob)))
    door_clock.now += HELD_S + 1
    house.door.tend()
    assert await refusal(house, meeting, **come_again(bob)) == ("declined", REJECTED_S - HELD_S - 1)


async def test_who_is_turned_away_is_so_as_long_though_the_server_restarts(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(**LOBBY)
    bob = await house.knock(meeting, "Bob")
    house.steer(meeting, Decline(waiting_id=waiting_id(bob)))
    assert await house.waiting_writer.flush()
    after = await house.restarted()
    door_clock.now += HELD_S + 1
    after.door.tend()
    assert await refusal(after, meeting, **come_again(bob)) == ("declined", REJECTED_S - HELD_S - 1)


async def test_who_waits_under_the_name_of_a_host_who_came_later_is_marked_as_they_come_in(house: House) -> None:
    meeting = await house.meeting(**LOBBY, admin_pin="4711")
    guest = await house.knock(meeting, "Olga")
    await house.enter(meeting, "Olga", pin="4711", source="192.0.2.9")
    house.steer(meeting, Admit(waiting_id=None))
    assert guest.seat is not None
    assert house.room(meeting).participants[guest.seat.participant_id].display_name == "Olga (guest)"


async def test_a_host_by_pin_who_was_turned_away_is_turned_away(house: House) -> None:
    meeting = await house.meeting(waiting_room="ALL", admin_pin="9876")
    ada, _ = await host_of(house, meeting)
    bob = await house.knock(meeting, "Bob", pin="9876")
    ada.obey(Decline(waiting_id=waiting_id(bob)))
    assert (await refusal(house, meeting, pin="9876", **come_again(bob)))[0] == "declined"


async def test_a_reload_keeps_the_place_and_being_gone_for_long_does_not(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(**LOBBY, room_pin="1234")
    bob, cleo = [await house.knock(meeting, name, pin="1234") for name in ("Bob", "Cleo")]
    assert bob.place is not None
    assert cleo.place is not None
    bob.place.disconnect(is_going_away=True)
    door_clock.now += HELD_S - 0.1
    house.door.tend()
    again = await house.knock(meeting, "Bob", **come_again(bob))
    assert waiting_id(again) == waiting_id(bob)
    assert [each.display_name for each in house.waiting.list(meeting.id)] == ["Bob", "Cleo"]
    assert again.place is not None
    again.place.disconnect(is_going_away=False)
    door_clock.now += HELD_S
    house.door.tend()
    assert [each.display_name for each in house.waiting.list(meeting.id)] == ["Cleo"]
    # Their token is worth nothing any more, so they are asked for the PIN like anybody.
    assert (await refusal(house, meeting, **come_again(again)))[0] == "pin_required"


async def test_two_connections_with_one_place_the_newer_wins(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    bob = await house.knock(meeting, "Bob")
    place = bob.place
    newer = await house.knock(meeting, "Bob", **come_again(bob))
    assert bob.ended is EndReason.REPLACED
    assert place is not None
    place.leave()
    place.disconnect(is_going_away=False)
    assert waiting_id(newer) == house.waiting.list(meeting.id)[0].id
    with pytest.raises(RequestError):
        await place.negotiate("v=0", {}, is_new=True)


async def test_whoever_was_let_in_while_they_were_gone_finds_their_seat(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    ada, _ = await host_of(house, meeting)
    bob = await house.knock(meeting, "Bob")
    token = come_again(bob)
    assert bob.place is not None
    bob.place.disconnect(is_going_away=True)
    ada.obey(Admit(waiting_id=None))
    assert len(house.room(meeting).participants) == 1
    seat, _ = await house.enter(meeting, "Bob", **token)
    assert seat.participant_id == bob.place.waiting.waiting_id


async def test_a_full_meeting_leaves_them_waiting_until_somebody_leaves(house: House) -> None:
    meeting = await house.meeting(**LOBBY, capacity=2)
    ada, ada_page = await host_of(house, meeting)
    bob, cleo = [await house.knock(meeting, name) for name in ("Bob", "Cleo")]
    with pytest.raises(RequestError, match="full"):
        ada.obey(Admit(waiting_id=None))
    assert bob.seat is not None
    assert cleo.seat is None
    assert listed(ada_page) == ["Cleo"]
    bob.seat.leave()
    house.door.tend()
    assert cleo.seat is not None


async def test_guests_wait_for_the_host_and_come_in_with_them(house: House) -> None:
    meeting = await house.meeting(start_by="HOST")
    bob = await house.knock(meeting, "Bob")
    assert bob.place is not None
    assert bob.place.waiting.reason == "not_started"
    assert house.registry.meeting_ids == ()
    ada, _ = await host_of(house, meeting)
    assert bob.seat is not None
    # Who comes while a host is in comes in; who comes after the host has gone waits.
    await house.enter(meeting, "Cleo")
    ada.leave()
    assert (await house.knock(meeting, "Dan")).place is not None


async def test_where_the_host_lets_everybody_in_coming_is_not_enough(house: House) -> None:
    meeting = await house.meeting(start_by="HOST", **LOBBY)
    bob = await house.knock(meeting, "Bob")
    ada, _ = await host_of(house, meeting)
    assert bob.place is not None
    assert bob.place.waiting.reason == "host_must_admit"
    assert ada.welcome.waiting[0].display_name == "Bob"
    ada.obey(Admit(waiting_id=waiting_id(bob)))
    assert bob.seat is not None


async def test_a_guest_who_is_made_a_host_begins_the_meeting_for_the_others(house: House) -> None:
    meeting = await house.meeting(start_by="HOST")
    ada, _ = await host_of(house, meeting)
    bob, _ = await house.enter(meeting, "Bob")
    ada.leave()
    dan = await house.knock(meeting, "Dan")
    assert dan.place is not None
    house.steer(meeting, MakeHost(participant_id=bob.participant_id, is_host=True))
    house.door.tend()
    assert dan.seat is not None


async def test_a_lock_keeps_those_out_who_wait_for_the_host_but_not_whom_a_host_lets_in(house: House) -> None:
    meeting = await house.meeting(start_by="HOST")
    bob, cleo = [await house.knock(meeting, name) for name in ("Bob", "Cleo")]
    house.steer(meeting, Lock(is_locked=True))
    ada, _ = await host_of(house, meeting)
    assert (bob.seat, cleo.seat) == (None, None)
    ada.obey(Admit(waiting_id=waiting_id(bob)))
    assert (bob.seat is None, cleo.seat is None) == (False, True)
    ada.obey(Lock(is_locked=False))
    house.door.tend()
    assert cleo.seat is not None


async def test_when_the_policy_is_dropped_nobody_waits_any_more(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    bob = await house.knock(meeting, "Bob")
    changed = await house.services.meetings.update(meeting.id, {"waiting_room": "OFF"})
    await house.registry.meeting_changed(changed)
    assert bob.seat is not None


async def test_known_users_pass_if_the_policy_says_so(house: House) -> None:
    token = await log_in(house, await add_user(house, "eve", UserRole.USER))
    strict, open_to_known = await house.meeting(**LOBBY), await house.meeting(**LOBBY, known_users_pass=True)
    page = await house.knock(strict, "Eve", token=token)
    assert page.place is not None
    assert house.waiting.list(strict.id)[0].view().is_known
    await house.enter(open_to_known, "Eve", token=token)
    assert (await house.knock(open_to_known, "Bob")).place is not None


async def test_whoever_waits_is_told_when_the_meeting_is_over(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    bob, cleo = [await house.knock(meeting, name) for name in ("Bob", "Cleo")]
    house.registry.finish(meeting.id, EndReason.ENDED)
    assert bob.refusal is not None
    assert bob.refusal.reason is RefusalReason.ENDED
    assert cleo.refusal is not None
    other = await house.meeting(**LOBBY, scheduled_start_at="2120-01-01T00:00:00Z")
    dan = await house.knock(other, "Dan")
    await house.lifetimes.wish(other, Cause.CANCEL, "The speaker is ill")
    house.door.tend()
    assert dan.refusal is not None
    assert dan.refusal.reason is RefusalReason.CANCELLED


async def test_what_another_process_does_to_the_meeting_reaches_who_waits(house: House) -> None:
    meeting, deleted = await house.meeting(**LOBBY), await house.meeting(**LOBBY)
    changes = Changes(house.services.meetings, house.registry)
    bob, cleo = [await house.knock(each, name) for each, name in ((meeting, "Bob"), (deleted, "Cleo"))]
    await changes.apply()
    await house.services.meetings.update(meeting.id, {"waiting_room": "OFF"})
    await house.services.meetings.delete(deleted.id)
    await changes.apply()
    assert bob.seat is not None
    assert cleo.refusal is not None
    assert cleo.refusal.reason is RefusalReason.ENDED


async def test_of_a_meeting_128_wait_at_most(house: House) -> None:
    meeting, other = await house.meeting(**LOBBY), await house.meeting(**LOBBY)
    pages = [await house.knock(meeting, f"guest {number}") for number in range(MOST_WAITING)]
    assert await refusal(house, meeting) == ("waiting_room_full", 0.0)
    with pytest.raises(Refused, match="waiting_room_full"):
        house.waiting.request(meeting, "guest", "Gus", "198.51.100.7")
    await house.knock(other)
    # Who has a place keeps it, and one that becomes free is had by somebody else.
    await house.knock(meeting, **come_again(pages[0]))
    place = pages[1].place
    assert place is not None
    place.leave()
    await house.knock(meeting)


async def test_nobody_waits_longer_than_a_day(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(**LOBBY)
    bob = await house.knock(meeting, "Bob")
    asked = house.waiting.request(meeting, "guest", "Gus", "198.51.100.7")
    door_clock.now += LIVES_S - 1
    house.door.tend()
    assert len(house.waiting.list(meeting.id)) == 2
    door_clock.now += LOOK_EVERY_S
    house.door.tend()
    assert bob.refusal is not None
    assert house.waiting.find(meeting.id, asked.id) is None


async def test_requests_without_a_connection_are_answered_when_they_are_asked_for(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    ada, ada_page = await host_of(house, meeting)
    gus, hal = [house.waiting.request(meeting, name, name, "198.51.100.7") for name in ("Gus", "Hal")]
    assert listed(ada_page) == ["Gus", "Hal"]
    ada.obey(Admit(waiting_id=gus.id))
    ada.obey(Decline(waiting_id=hal.id, word="Who are you?"))
    states = {each.guest_id: (each.state, each.word) for each in house.waiting.requests(meeting.id)}
    assert states == {"Gus": (WaitingState.ACCEPTED, None), "Hal": (WaitingState.REJECTED, "Who are you?")}
    assert listed(ada_page) == []
    assert house.waiting.list(meeting.id) == ()


async def test_the_waiting_room_outlives_the_server(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(**LOBBY)
    await host_of(house, meeting)
    bob = await house.knock(meeting, "Bob", device="d" * 16)
    lost = await house.knock(meeting, "Lena")
    gus = house.waiting.request(meeting, "guest", "Gus", "198.51.100.7")
    assert await house.writer.flush()
    assert await house.waiting_writer.flush()
    before = house.waiting.list(meeting.id)
    after = await house.restarted()
    assert after.waiting.list(meeting.id) == before
    again = await after.knock(meeting, "Bob", **come_again(bob))
    assert again.place is not None
    after.steer(meeting, Admit(waiting_id=gus.id))
    door_clock.now += HELD_S
    after.door.tend()
    assert [each.display_name for each in after.waiting.list(meeting.id)] == ["Bob"]
    assert await after.waiting_writer.flush()
    stored = {each.display_name: each for each in await house.services.waiting.read()}
    assert set(stored) == {"Bob", "Gus"}
    assert stored["Bob"].marks.device is not None
    assert "d" * 16 not in str(stored)
    assert (await refusal(after, meeting, **come_again(lost, access_key=None, meeting_id=meeting.id)))[
        0
    ] == "not_allowed"


async def test_what_happens_in_the_waiting_room_is_told_to_the_tenants_listeners(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    bob, cleo, dan = [await house.knock(meeting, name, source=name) for name in ("Bob", "Cleo", "Dan")]
    house.steer(meeting, Admit(waiting_id=waiting_id(bob)))
    house.steer(meeting, Decline(waiting_id=waiting_id(cleo), word="No"))
    assert dan.place is not None
    dan.place.leave()
    kinds = {RoomEventKind.WAITING_STARTED, RoomEventKind.WAITING_ENDED}
    told = [(each.kind, each.data) for each in house.published if each.kind in kinds]
    assert all(each.tenant_id == meeting.tenant_id for each in house.published if each.kind in kinds)
    ended = [(data["display_name"], data["outcome"], data.get("by")) for kind, data in told if "outcome" in data]
    assert ended == [("Bob", "admitted", OPERATOR.name), ("Cleo", "declined", OPERATOR.name), ("Dan", "left", None)]
    assert [data["display_name"] for kind, data in told if kind is RoomEventKind.WAITING_STARTED] == [
        "Bob",
        "Cleo",
        "Dan",
    ]


async def test_guests_are_told_nothing_of_who_waits(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    ada, _ = await host_of(house, meeting)
    bob = await house.knock(meeting, "Bob")
    ada.obey(Admit(waiting_id=None))
    assert bob.seat is not None
    assert bob.seat.welcome.waiting == ()
    await house.knock(meeting, "Cleo")
    assert not [message for message in bob.told if isinstance(message, WaitingList)]


async def test_what_a_media_worker_is_told_begins_with_the_seat(house: House) -> None:
    meeting = await house.meeting(**LOBBY)
    ada, _ = await host_of(house, meeting)
    bob = await house.knock(meeting, "Bob")
    place = waiting_id(bob)
    assert place not in str(house.media.told)
    told = len(house.media.told)
    ada.obey(Admit(waiting_id=None))
    known = [command for _, command in house.media.told[told:] if isinstance(command, SetParticipant)]
    assert [command.participant.participant_id for command in known] == [place]
