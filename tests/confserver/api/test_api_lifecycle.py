"""Meetings called off, moved, started and stopped over HTTP; what repeats; numbers; everybody's own room."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from confserver.auth.identity import Role
from confserver.meetings.fields import render_time
from confserver.services import Services
from confserver.store.models import RetiredNumberRow
from tests.confserver.conftest import WEEKLY, Api, Refused

TOMORROW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


def times(start: datetime = TOMORROW, hours: int = 1) -> dict[str, str]:
    return {
        "scheduled_start_at": render_time(start),
        "scheduled_end_at": render_time(start + timedelta(hours=hours)),
    }


async def life(api: Api, meeting: dict[str, Any]) -> dict[str, Any]:
    status, answer = await api.call("GET", f"/user/meetings/{meeting['id']}/lifecycle")
    assert status == 200
    return dict(answer)


async def test_a_meeting_tells_how_far_it_has_come(api: Api) -> None:
    assert await life(api, await api.create()) == {
        "state": "READY", "reason": None, "started_at": None, "starts_at": None, "ends_at": None,
    }  # fmt: skip
    scheduled = await life(api, await api.create(**times()))
    assert (scheduled["state"], scheduled["starts_at"]) == ("SCHEDULED", times()["scheduled_start_at"])
    assert (await life(api, await api.create(start_by="HOST")))["state"] == "WAITING_FOR_HOST"
    assert (await life(api, await api.create(**times(TOMORROW - timedelta(days=9)))))["state"] == "EXPIRED"


async def test_what_repeats_tells_everybody_of_its_next_time_not_of_its_first(api: Api) -> None:
    first = TOMORROW - timedelta(days=9, hours=2)  # it is over by now, for today
    meeting = await api.create(**times(first), timezone="UTC", recurrence="FREQ=DAILY;COUNT=30")
    next_time = render_time(first + timedelta(days=9))
    items = (await api.call("GET", "/user/meetings"))[1]["items"]
    detail = (await api.call("GET", f"/user/meetings/{meeting['id']}"))[1]
    seen_by_guests = (await api.call("GET", f"/join/{meeting['access_key']}", token=""))[1]
    assert {each["starts_at"] for each in (items[0], detail, seen_by_guests)} == {next_time}
    assert detail["scheduled_start_at"] == render_time(first)


async def test_cancel_and_reschedule_carry_a_reason(api: Api, refused: Refused) -> None:
    meeting = await api.create(**times())
    path = f"/user/meetings/{meeting['id']}"
    status, answer = await api.call("POST", f"{path}/cancel", {"reason": "The speaker is ill"})
    assert (status, answer["state"], answer["reason"]) == (200, "CANCELLED", "The speaker is ill")
    assert ("end", meeting["id"], "cancelled") in api.rooms.told
    for word, body in (("cancel", {"reason": "again"}), ("start", None), ("stop", None)):
        assert await refused(api.call("POST", f"{path}/{word}", body)) == (409, "CONFLICT", "state")
    later = times(TOMORROW + timedelta(days=1))
    status, answer = await api.call("POST", f"{path}/reschedule", {"reason": "She is well again", **later})
    assert (status, answer["state"], answer["reason"]) == (200, "SCHEDULED", "She is well again")
    assert later.items() <= (await api.call("GET", path))[1].items()


@pytest.mark.parametrize(
    ("word", "body", "field"),
    [
        ("cancel", {}, "reason"),
        ("cancel", {"reason": " "}, "reason"),
        ("cancel", {"reason": "x" * 501}, "reason"),
        ("cancel", {"reason": "one\nSubject: two"}, "reason"),
        ("reschedule", {"reason": "x"}, "scheduled_start_at"),
        ("reschedule", {"reason": "x", "scheduled_start_at": "tomorrow"}, "scheduled_start_at"),
        ("reschedule", {"reason": "x", **times(hours=-1)}, "scheduled_end_at"),
    ],
)
async def test_what_is_no_reason_or_no_time_is_refused(
    api: Api, refused: Refused, word: str, body: dict[str, Any], field: str
) -> None:
    meeting = await api.create(**times())
    call = api.call("POST", f"/user/meetings/{meeting['id']}/{word}", body)
    assert await refused(call) == (400, "VALIDATE_FAILED", field)
    assert (await life(api, meeting))["state"] == "SCHEDULED"


async def test_start_opens_and_stop_closes(api: Api) -> None:
    meeting = await api.create(start_by="HOST")
    path = f"/user/meetings/{meeting['id']}"
    assert (await api.call("POST", f"{path}/start"))[0] == 204
    assert (await life(api, meeting))["state"] == "READY"
    assert (await api.call("GET", f"{path}/status"))[1]["status"] == "ONLINE"
    assert (await api.call("POST", f"{path}/stop"))[0] == 204
    assert (await life(api, meeting))["state"] == "ENDED"
    assert (await api.call("GET", f"{path}/status"))[1]["status"] == "OFFLINE"
    assert ("end", meeting["id"], "ended") in api.rooms.told
    assert (await api.call("POST", f"{path}/start"))[0] == 204
    assert (await life(api, meeting))["state"] == "READY"


async def test_occurrences_keep_their_hour(api: Api) -> None:
    meeting = await api.create(
        timezone="America/New_York",
        recurrence="FREQ=DAILY;COUNT=3",
        scheduled_start_at="2030-11-02T13:00:00Z",
        scheduled_end_at="2030-11-02T14:00:00Z",
    )
    status, answer = await api.call("GET", f"/user/meetings/{meeting['id']}/occurrences?top=2")
    assert status == 200
    # Summer time ends in between.
    assert [each["starts_at"] for each in answer["items"]] == ["2030-11-02T13:00:00Z", "2030-11-03T14:00:00Z"]
    assert answer["items"][1]["ends_at"] == "2030-11-03T15:00:00Z"
    once = await api.create(**times())
    assert len((await api.call("GET", f"/user/meetings/{once['id']}/occurrences"))[1]["items"]) == 1
    assert (await api.call("GET", f"/user/meetings/{(await api.create())['id']}/occurrences"))[1] == {"items": []}


async def test_a_number_may_be_chosen_and_rests_for_a_day_after_it_was_used(
    api: Api, refused: Refused, services: Services
) -> None:
    chosen = await api.create(extension_number="4711")
    assert chosen["extension_number"] == "4711"
    again = {**WEEKLY, "extension_number": "4711"}
    taken = (409, "CONFLICT", "extension_number")
    assert await refused(api.call("POST", "/user/meetings", again)) == taken
    await api.call("POST", f"/user/meetings/{chosen['id']}/destroy")
    assert await refused(api.call("POST", "/user/meetings", again)) == taken
    async with services.store.transaction() as transaction:
        yesterday = datetime.now(UTC) - timedelta(days=1, seconds=1)
        await transaction.execute(update(RetiredNumberRow).values(retired_at=yesterday))
    assert (await api.call("POST", "/user/meetings", again))[0] == 201
    for wrong in ("12", "1" * 65, "12a", "\u0661\u0662\u0663", 4711):
        call = api.call("POST", "/user/meetings", {**WEEKLY, "extension_number": wrong})
        assert await refused(call) == (400, "VALIDATE_FAILED", "extension_number")
    call = api.call("POST", f"/user/meetings/{chosen['id']}", {"extension_number": "4712"})
    assert (await refused(call))[0] in {400, 404}


async def test_the_next_number_passes_by_those_that_were_chosen(api: Api) -> None:
    first = int((await api.create())["extension_number"])
    for ahead in (1, 2):
        await api.create(extension_number=str(first + ahead))
    assert (await api.create())["extension_number"] == str(first + 3)


async def test_everybody_has_one_room_of_their_own_that_stays(api: Api, refused: Refused) -> None:
    rooms = await asyncio.gather(*(api.call("GET", "/user/room") for _ in range(4)))
    room = rooms[0][1]
    assert {status for status, _ in rooms} == {200}
    assert {each["id"] for _, each in rooms} == {room["id"]}
    assert room["subject"] == "Ada Lovelace"
    path = f"/user/meetings/{room['id']}"
    assert (await refused(api.call("POST", f"{path}/destroy")))[:2] == (409, "CONFLICT")
    assert (await refused(api.call("POST", f"{path}/cancel", {"reason": "x"})))[:2] == (409, "CONFLICT")
    for field, value in (*times().items(), ("purge_at", render_time(TOMORROW)), ("close_on_nobody", True)):
        assert await refused(api.call("POST", path, {field: value})) == (400, "VALIDATE_FAILED", field)
    changed = (await api.call("POST", path, {"room_pin": "4711", "subject": "Ada's"}))[1]
    assert (changed["extension_number"], changed["room_pin"]) == (room["extension_number"], "4711")
    bob = await api.as_user("bob")
    assert (await bob.call("GET", "/user/room"))[1]["extension_number"] != room["extension_number"]
    assert (await refused(bob.call("GET", path)))[0] == 404


async def test_who_may_not_host_may_look_and_nothing_else(api: Api, refused: Refused) -> None:
    meeting = await api.create(**times())
    path = f"/user/meetings/{meeting['id']}"
    operator, stranger = await api.as_user("op", Role.OPERATOR), await api.as_user("eve", Role.ADMIN, "other.example")
    assert (await operator.call("GET", f"{path}/lifecycle"))[0] == 200
    for word, body in (("cancel", {"reason": "x"}), ("reschedule", {"reason": "x", **times()}), ("start", None)):
        assert (await refused(operator.call("POST", f"{path}/{word}", body)))[:2] == (403, "FORBIDDEN")
        assert (await refused(stranger.call("POST", f"{path}/{word}", body)))[:2] == (404, "NOT_FOUND")
