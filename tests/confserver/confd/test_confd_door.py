"""Guests of the telephony platform meet the same door as everybody: one table refuses, makes wait or lets in."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from confserver.meetings.lifecycle import Cause
from confserver.meetings.meeting import Meeting
from signaling.commands import Ban, Lock
from tests.confserver.confd.conftest import Platform

GUEST = str(uuid.UUID(int=7))
CONFD = "/api/confd/1.1/guests"
ACCOUNT = "guest_sip_authorization"


async def asked(platform: Platform, meeting: Meeting, name: str = "Ethan") -> tuple[int, Any]:
    path = f"{CONFD}/{GUEST}/meetings/{uuid.UUID(meeting.id)}/authorizations"
    return await platform.with_token("").call("POST", path, {"guest_name": name})


async def polled(platform: Platform, meeting: Meeting, request: Any) -> tuple[int, Any]:
    path = f"{CONFD}/{GUEST}/meetings/{uuid.UUID(meeting.id)}/authorizations/{request['uuid']}"
    return await platform.with_token("").call("GET", path)


async def account(platform: Platform, meeting: Meeting) -> str | None:
    status, seen = await platform.with_token("").call("GET", f"{CONFD}/me/meetings/{uuid.UUID(meeting.id)}")
    assert status == 200
    found: str | None = seen[ACCOUNT]
    return found


async def locked(platform: Platform) -> Meeting:
    meeting = await platform.house.meeting()
    platform.house.steer(meeting, Lock(is_locked=True))
    return meeting


async def cancelled(platform: Platform) -> Meeting:
    meeting = await platform.house.meeting()
    await platform.house.lifetimes.wish(meeting, Cause.CANCEL, "The speaker is ill")
    return meeting


async def stopped(platform: Platform) -> Meeting:
    meeting = await platform.house.meeting()
    await platform.house.lifetimes.wish(meeting, Cause.STOP)
    return meeting


async def expired(platform: Platform) -> Meeting:
    begin = datetime.now(UTC) - timedelta(days=1)
    return await platform.house.meeting(scheduled_start_at=begin.isoformat(), no_show_close=30)


async def full(platform: Platform) -> Meeting:
    meeting = await platform.house.meeting(capacity=1)
    await platform.house.enter(meeting)
    return meeting


async def with_a_pin(platform: Platform) -> Meeting:
    return await platform.house.meeting(room_pin="4711")


async def one_too_many(platform: Platform) -> Meeting:
    for _ in range(3):
        await platform.house.enter(await platform.house.meeting())
    return await platform.house.meeting()


async def of_a_server_that_stops(platform: Platform) -> Meeting:
    platform.house.door.is_open = False
    return await platform.house.meeting()


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (locked, "The meeting is locked."),
        (cancelled, "The meeting was cancelled."),
        (stopped, "The meeting is over."),
        (expired, "The meeting is over."),
        (full, "The meeting is full."),
        (with_a_pin, "The meeting has a PIN, which nobody can give here."),
        (one_too_many, "Too many meetings are running."),
        (of_a_server_that_stops, "The server lets nobody in just now; please try again later."),
    ],
)
async def test_a_closed_door_is_closed_here_too_and_gives_no_account(
    platform: Platform, made: Any, sentence: str
) -> None:
    meeting = await made(platform)
    assert await asked(platform, meeting) == (400, [sentence])
    assert await account(platform, meeting) is None
    assert platform.house.waiting.requests(meeting.id) == ()


async def test_who_must_wait_for_the_host_is_accepted_when_one_comes(platform: Platform) -> None:
    meeting = await platform.house.meeting(start_by="HOST", admin_pin="9876")
    status, request = await asked(platform, meeting)
    assert (status, request["status"], request[ACCOUNT]) == (201, "pending", None)
    assert (await polled(platform, meeting, request))[1]["status"] == "pending"
    assert await account(platform, meeting) is None
    await platform.house.enter(meeting, "Ada", pin="9876")
    _, answered = await polled(platform, meeting, request)
    assert (answered["status"], answered[ACCOUNT]) == ("accepted", await account(platform, meeting))
    assert answered[ACCOUNT]
    ended = [event.data for event in platform.house.published if event.detail == "admitted"]
    assert [(data["display_name"], data.get("by")) for data in ended] == [("Ethan", None)]


async def test_who_asked_before_the_door_was_locked_waits_until_it_is_open_again(platform: Platform) -> None:
    meeting = await platform.house.meeting(start_by="HOST", admin_pin="9876")
    _, request = await asked(platform, meeting)
    platform.house.steer(meeting, Lock(is_locked=True))
    await platform.house.enter(meeting, "Ada", pin="9876")
    assert (await polled(platform, meeting, request))[1]["status"] == "pending"
    platform.house.steer(meeting, Lock(is_locked=False))
    listed = f"/api/confd/1.1/users/me/meetings/{uuid.UUID(meeting.id)}/authorizations"
    assert [each["status"] for each in (await platform.call("GET", listed))[1]["items"]] == ["accepted"]


async def test_who_waits_in_vain_is_forgotten(platform: Platform) -> None:
    meeting = await platform.house.meeting(start_by="HOST")
    _, request = await asked(platform, meeting)
    await platform.house.lifetimes.wish(meeting, Cause.CANCEL, "The speaker is ill")
    assert (await polled(platform, meeting, request))[0] == 404
    assert platform.house.waiting.requests(meeting.id) == ()


async def test_who_comes_from_the_network_of_somebody_banned_must_be_let_in(platform: Platform) -> None:
    meeting = await platform.house.meeting()
    bob, _ = await platform.house.enter(meeting, source="127.0.0.1")
    await platform.house.enter(meeting, "Ada", source="198.51.100.8")
    platform.house.steer(meeting, Ban(participant_id=bob.participant_id))
    status, request = await asked(platform, meeting)
    assert (status, request["status"], request[ACCOUNT]) == (201, "pending", None)


async def test_nobody_asks_under_the_name_of_the_host(platform: Platform) -> None:
    meeting = await platform.house.meeting(waiting_room="GUESTS")
    _, request = await asked(platform, meeting, meeting.host_name.upper())
    assert request["guest_name"] == f"{meeting.host_name.upper()} (guest)"
