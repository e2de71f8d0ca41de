"""What is done to a meeting is published with the id of who did it: two may bear the same name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from confserver.errors import NotFound
from confserver.events import RoomEventKind
from confserver.meetings.lifecycle import Cause
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.join_tokens import Wanted
from signaling.commands import Admit, Ban, Decline, End, Lock, Mute, Readmit
from signaling.ports import EndingSoon, EndReason
from tests.confserver.rooms.house import OPERATOR, House

PIN = "9876"
OLGA = {"by": OPERATOR.name, "by_id": OPERATOR.id}
KEY = Actor("key", "key-7", "billing", Role.HOST)


def told(house: House, kind: RoomEventKind) -> list[tuple[str | None, dict[str, Any]]]:
    return [(event.detail, dict(event.data)) for event in house.published if event.kind is kind]


def signatures(house: House, kind: RoomEventKind) -> list[tuple[str | None, str | None]]:
    return [(data.get("by"), data.get("by_id")) for _, data in told(house, kind)]


async def test_two_hosts_of_one_name_are_told_apart(house: House) -> None:
    meeting = await house.meeting(admin_pin=PIN)
    hosts = [(await house.enter(meeting, "Ada", pin=PIN, source=each))[0] for each in ("a", "b")]
    guest, _ = await house.enter(meeting, "Bob")
    for host, is_muted in zip(hosts, (True, False), strict=True):
        host.obey(Mute(participant_id=guest.participant_id, is_muted=is_muted))
    signed = signatures(house, RoomEventKind.PARTICIPANT_UPDATED)
    assert signed == [("Ada", host.participant_id) for host in hosts]


async def test_who_ends_a_meeting_for_all_is_told(house: House) -> None:
    meeting = await house.meeting(admin_pin=PIN)
    host, _ = await house.enter(meeting, "Ada", pin=PIN)
    await house.enter(meeting, "Bob")
    host.obey(End())
    assert signatures(house, RoomEventKind.PARTICIPANT_LEFT) == [("Ada", host.participant_id)] * 2
    assert told(house, RoomEventKind.ROOM_CLOSED) == [("ended", {"by": "Ada", "by_id": host.participant_id})]


@pytest.mark.parametrize("cause", [Cause.STOP, Cause.CANCEL])
async def test_who_ends_it_by_the_api_is_told(house: House, cause: Cause) -> None:
    meeting = await house.meeting()
    await house.enter(meeting)
    await house.lifetimes.wish(meeting, cause, "The speaker is ill", KEY)
    assert signatures(house, RoomEventKind.ROOM_CLOSED) == [("billing", "key-7")]
    assert signatures(house, RoomEventKind.MEETING_STATE)[-1] == ("billing", "key-7")


async def test_who_deletes_it_is_told_and_a_meeting_that_only_empties_has_nobody(house: House) -> None:
    meeting = await house.meeting()
    guest, _ = await house.enter(meeting)
    guest.leave()
    await house.enter(meeting)
    await house.registry.end(meeting.id, "deleted", KEY)
    assert told(house, RoomEventKind.ROOM_CLOSED) == [("ended", {}), ("deleted", KEY.signature)]


async def test_who_lets_in_or_turns_away_is_told_also_when_a_seat_is_free_only_later(house: House) -> None:
    meeting = await house.meeting(waiting_room="GUESTS", capacity=1, admin_pin=PIN)
    host, _ = await house.enter(meeting, "Ada", pin=PIN)
    bob, cleo = [await house.knock(meeting, name, source=name) for name in ("Bob", "Cleo")]
    assert bob.waiting is not None
    assert cleo.waiting is not None
    house.steer(meeting, Decline(waiting_id=cleo.waiting.waiting_id))
    with pytest.raises(Exception, match="full"):
        house.steer(meeting, Admit(waiting_id=bob.waiting.waiting_id))
    await house.waiting_writer.flush()
    host.leave()
    house.door.tend()
    assert bob.seat is not None
    assert [data["by_id"] for _, data in told(house, RoomEventKind.WAITING_ENDED)] == [OPERATOR.id] * 2


async def test_an_empty_meeting_that_is_locked_says_so_once(house: House) -> None:
    meeting = await house.meeting()
    for is_locked in (True, True, False):
        house.steer(meeting, Lock(is_locked=is_locked))
    assert told(house, RoomEventKind.ROOM_CHANGED) == [
        (None, {"is_locked": True, **OLGA}),
        (None, {"is_locked": False, **OLGA}),
    ]
    assert {event.tenant_id for event in house.published} == {meeting.tenant_id}


async def test_a_ban_that_is_lifted_is_told_with_or_without_a_room(house: House) -> None:
    meeting = await house.meeting(admin_pin=PIN)
    bob, _ = await house.enter(meeting, "Bob")
    house.steer(meeting, Ban(participant_id=bob.participant_id))
    (ban,) = house.registry.bans(meeting.id)
    house.steer(meeting, Readmit(removal_id=ban.id))
    with pytest.raises(NotFound):
        house.steer(meeting, Readmit(removal_id=ban.id))
    expected = {"removal_id": ban.id, "display_name": "Bob", **OLGA}
    assert told(house, RoomEventKind.REMOVAL_LIFTED) == [(None, expected)]


async def test_an_invitation_by_name_is_told_without_what_lets_in(house: House) -> None:
    meeting = await house.meeting()
    tokens = house.services.join_tokens
    tokens.on_event = house.events.publish
    issued = await tokens.issue(meeting, Wanted("Grace", Role.HOST, False, datetime(2120, 1, 1, tzinfo=UTC)), KEY)
    await tokens.revoke(meeting, issued.token.id, OPERATOR)
    with pytest.raises(NotFound):
        await tokens.revoke(meeting, issued.token.id, OPERATOR)
    about = {"token_id": issued.token.id, "display_name": "Grace", "role": "host"}
    assert told(house, RoomEventKind.INVITATION_ISSUED) == [("host", {**about, **KEY.signature})]
    assert told(house, RoomEventKind.INVITATION_REVOKED) == [("host", {**about, **OLGA})]
    assert issued.text not in str(house.published)


async def test_an_end_that_comes_by_the_clock_is_told_before_it_does(house: House) -> None:
    meeting = await house.meeting()
    house.registry.warn(meeting.id, EndingSoon(300, "scheduled_end"))
    await house.enter(meeting)
    house.registry.warn(meeting.id, EndingSoon(60, "max_duration"))
    house.registry.finish(meeting.id, EndReason.TIME_UP)
    assert told(house, RoomEventKind.ENDING_SOON) == [("max_duration", {"in_s": 60})]
    assert told(house, RoomEventKind.ROOM_CLOSED) == [("time_up", {})]
