"""Rooms come with their first participant and go with their last; what the API sees of them and does to them."""

import pytest

from confserver.errors import NotFound
from confserver.events import RoomEventKind
from confserver.meetings.fields import Control, Layout
from confserver.rooms.live import LiveParticipant, RoomStatus
from mixer.events import SpeakersChanged
from mixer.params import CloseRoom, OpenRoom, RoomParams, SetParticipant
from signaling.commands import (
    Admit,
    GiveFloor,
    Lock,
    Mute,
    MuteOnEntry,
    RaiseHand,
    Remove,
    SetControl,
    SetLayout,
    SetOwn,
    Spotlight,
    StopCamera,
)
from signaling.ports import EndReason, MediaLost, RoomChanged, Speakers
from tests.confserver.rooms.house import House


async def test_a_room_lives_from_its_first_participant_to_its_last(house: House) -> None:
    meeting = await house.meeting(layout="LAYOUT2")
    assert house.registry.status(meeting) == RoomStatus("ONLINE", layout=Layout.LAYOUT2)
    ada, _ = await house.enter(meeting, "Ada")
    bob, _ = await house.enter(meeting, "Bob")
    assert house.registry.meeting_ids == (meeting.id,)
    assert house.media.told[0] == (meeting.id, OpenRoom(RoomParams(meeting.id, cells=2, max_speakers=6)))
    assert house.registry.status(meeting).status == "ON_CALL"
    ada.leave()
    assert house.registry.meeting_ids == (meeting.id,)
    bob.leave()
    assert not house.registry.meeting_ids
    assert house.media.told[-1] == (meeting.id, CloseRoom(meeting.id))
    assert house.media.hosted == set()
    assert [event.kind for event in house.published][-1] is RoomEventKind.ROOM_CLOSED


async def test_a_seat_in_a_room_that_is_over_does_not_touch_the_next_one(house: House) -> None:
    meeting = await house.meeting()
    old, _ = await house.enter(meeting, "Ada")
    house.registry.finish(meeting.id, EndReason.ENDED)
    await house.enter(meeting, "Bob")
    old.leave()
    assert [each.display_name for each in house.registry.participants(meeting.id)] == ["Bob"]


async def test_a_lock_outlives_the_empty_room_and_ends_with_the_meeting(house: House) -> None:
    meeting = await house.meeting(admin_pin="9876")
    house.steer(meeting, Lock(is_locked=True))
    host, _ = await house.enter(meeting, pin="9876")
    host.leave()
    assert house.registry.status(meeting).locked
    host, _ = await house.enter(meeting, pin="9876")
    assert host.welcome.is_locked
    await house.registry.end(meeting.id, "ended")
    assert not house.registry.status(meeting).locked


async def test_the_api_sees_who_is_in_and_mutes_and_removes_them(house: House) -> None:
    meeting = await house.meeting(admin_pin="9876")
    ada, _ = await house.enter(meeting, "Ada", pin="9876")
    bob, page = await house.enter(meeting, "Bob", is_muted=True)
    rooms = house.registry
    assert rooms.participants(meeting.id) == (
        LiveParticipant(ada.participant_id, "Ada", False, chairman=True, role="host", camera=True, floor=True),
        LiveParticipant(bob.participant_id, "Bob", muted=True, chairman=False, camera=True),
    )
    assert not rooms.status(meeting).muted
    house.steer(meeting, Mute(participant_id=ada.participant_id, is_muted=True))
    assert rooms.status(meeting).muted
    house.steer(meeting, Mute(participant_id=ada.participant_id, is_muted=False))
    house.steer(meeting, Remove(participant_id=bob.participant_id))
    assert page.ended is EndReason.REMOVED
    house.steer(meeting, Remove(participant_id=ada.participant_id))
    assert rooms.meeting_ids == ()


async def test_the_api_sees_all_that_can_be_set(house: House) -> None:
    meeting = await house.meeting(admin_pin="9876", waiting_room="GUESTS")
    house.steer(meeting, SetControl(control="MASTER"))
    house.steer(meeting, MuteOnEntry(is_on=True))
    status = house.registry.status(meeting)
    assert (status.status, status.control, status.mute_on_entry) == ("ONLINE", Control.MASTER, True)
    host, _ = await house.enter(meeting, "Ada", pin="9876")
    page = await house.knock(meeting, "Bob")
    await house.knock(meeting, "Cleo")
    assert house.registry.status(meeting).waiting == 2
    house.steer(meeting, Admit(waiting_id=None))
    assert page.seat is not None
    bob = page.seat.welcome.participant_id
    page.seat.obey(RaiseHand(is_raised=True))
    page.seat.obey(SetOwn(has_screen=True))
    for command in (
        Mute(participant_id=bob, is_muted=True),
        StopCamera(participant_id=bob, is_stopped=True),
        Spotlight(participant_id=bob),
        SetLayout(layout="LAYOUT4"),
    ):
        house.steer(meeting, command)
    status = house.registry.status(meeting)
    assert (status.spotlight_id, status.layout, status.waiting) == (bob, Layout.LAYOUT4, 0)
    seen = house.registry.participants(meeting.id)[1]
    assert (seen.muted_by_host, seen.camera, seen.camera_stopped, seen.hand) == (True, False, True, 1)
    assert (seen.screen, seen.floor, seen.reconnecting, seen.verified) == (True, False, False, False)
    house.steer(meeting, GiveFloor(participant_id=bob, has_floor=True))
    page.seat.disconnect(is_going_away=True)
    seen = house.registry.participants(meeting.id)[1]
    assert (seen.hand, seen.floor, seen.reconnecting) == (None, True, True)
    host.leave()


async def test_who_is_not_there_is_not_found(house: House) -> None:
    meeting = await house.meeting()
    for has_room in (False, True):
        if has_room:
            await house.enter(meeting)
        for command in (Mute(participant_id="nobody", is_muted=True), Remove(participant_id="nobody")):
            with pytest.raises(NotFound):
                house.steer(meeting, command)
    await house.registry.end("no-such-meeting", "deleted")
    assert house.registry.meeting_ids == (meeting.id,)


async def test_an_edited_meeting_reaches_those_who_are_in(house: House) -> None:
    meeting = await house.meeting(layout="LAYOUT9")
    seat, page = await house.enter(meeting)
    changed = await house.services.meetings.update(meeting.id, {"subject": "Daily", "layout": "LAYOUT1"})
    await house.registry.meeting_changed(changed)
    assert page.told == [RoomChanged(cells=1, layout="LAYOUT1", subject="Daily")]
    assert house.media.told[-1] == (meeting.id, OpenRoom(RoomParams(meeting.id, cells=1)))
    seat.leave()
    await house.registry.meeting_changed(changed)
    assert house.registry.meeting_ids == ()


async def test_only_the_rooms_of_a_worker_that_was_replaced_are_made_again(house: House) -> None:
    one, other = await house.meeting(), await house.meeting()
    seat, page = await house.enter(one)
    _, others_page = await house.enter(other)
    house.media.told.clear()
    house.registry.media_replaced(frozenset({one.id, "long-gone"}))
    participant = house.room(one).participants[seat.participant_id]
    assert house.media.told == [
        (one.id, OpenRoom(RoomParams(one.id))),
        (one.id, SetParticipant(one.id, participant.params())),
    ]
    assert page.told == [MediaLost()]
    assert others_page.told == []


async def test_media_news_reach_the_room_they_are_of(house: House) -> None:
    one, other = await house.meeting(), await house.meeting()
    _, page = await house.enter(one)
    _, others_page = await house.enter(other)
    house.registry.hear(SpeakersChanged(one.id, ("x",)))
    house.registry.hear(SpeakersChanged("long-gone", ("y",)))
    assert page.told == [Speakers(("x",))]
    assert others_page.told == []


async def test_everybody_is_told_when_the_server_stops(house: House) -> None:
    pages = [(await house.enter(await house.meeting()))[1] for _ in range(3)]
    house.registry.close_all(EndReason.SHUTDOWN)
    assert {page.ended for page in pages} == {EndReason.SHUTDOWN}
    assert house.registry.meeting_ids == ()
    assert house.media.hosted == set()
