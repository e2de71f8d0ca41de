"""The stream and the call records as programs read them."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest
from aiohttp import ClientResponse, WSMsgType

from confserver.api import events as event_routes
from confserver.auth.identity import Role
from confserver.errors import Unavailable
from confserver.events import RoomEvent, RoomEventKind
from confserver.stream.call_rows import CallQuery
from confserver.stream.calls import CallRecord
from tests.confserver.conftest import Api, Refused


async def happen(api: Api, meeting_id: str, kind: RoomEventKind, who: str | None = None, **data: Any) -> None:
    """Something happens, and is stored."""
    event = RoomEvent(kind, meeting_id, who, None, api.user.tenant.id, data)
    api.stream._ledger.hear(event)
    await api.stream.flush()


async def sse_event(response: ClientResponse) -> dict[str, str]:
    """The fields of the next block."""
    async with asyncio.timeout(10):
        block = await response.content.readuntil(b"\n\n")
    return dict(line.split(": ", 1) for line in block.decode().strip().split("\n"))


def bearer(api: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {api.token}"}


async def test_a_replay_goes_on_from_any_number(api: Api) -> None:
    meeting = await api.create()
    for name in ("Ada", "Bob", "Cleo"):
        await happen(api, meeting["id"], RoomEventKind.PARTICIPANT_JOINED, name, display_name=name)
    status, first = await api.call("GET", "/events?top=2")
    assert status == 200
    assert [event["data"]["display_name"] for event in first["items"]] == ["Ada", "Bob"]
    _, second = await api.call("GET", f"/events?after={first['next_after']}")
    assert [event["number"] for event in second["items"]] == [3]
    _, of_meeting = await api.call("GET", f"/user/meetings/{meeting['id']}/events?after=1")
    assert [event["number"] for event in of_meeting["items"]] == [2, 3]
    _, nothing = await api.call("GET", "/events?after=3")
    assert nothing == {"items": [], "next_after": 3}


async def test_a_user_reads_of_their_own_meetings_only(api: Api, refused: Refused) -> None:
    meeting = await api.create()
    await happen(api, meeting["id"], RoomEventKind.ROOM_OPENED)
    other, operator = await api.as_user("eve"), await api.as_user("oscar", Role.OPERATOR)
    stranger = await api.as_user("mallory", Role.ADMIN, "elsewhere")
    assert (await other.call("GET", "/events"))[1]["items"] == []
    assert len((await operator.call("GET", "/events"))[1]["items"]) == 1
    assert (await stranger.call("GET", "/events"))[1]["items"] == []
    for nosy in (other, stranger):
        status, _, _ = await refused(nosy.call("GET", f"/user/meetings/{meeting['id']}/events"))
        assert status == 404


@pytest.mark.parametrize("query", ["after=-1", "after=x", "top=0", "top=1001", "since=1"])
async def test_a_query_that_is_none_is_refused_by_name(api: Api, refused: Refused, query: str) -> None:
    status, code, field = await refused(api.call("GET", f"/events?{query}"))
    assert (status, code, field) == (400, "VALIDATE_FAILED", query.split("=")[0])


async def test_server_sent_events_begin_after_the_last_id(api: Api) -> None:
    meeting = await api.create()
    for name in ("Ada", "Bob"):
        await happen(api, meeting["id"], RoomEventKind.PARTICIPANT_JOINED, name, display_name=name)
    async with api.client.get("/api/events/stream", headers={**bearer(api), "Last-Event-ID": "1"}) as response:
        assert response.content_type == "text/event-stream"
        assert (await sse_event(response))["id"] == "1"
        missed = await sse_event(response)
        assert (missed["id"], missed["event"]) == ("2", "participant.joined")
        await happen(api, meeting["id"], RoomEventKind.PARTICIPANT_LEFT, "Ada")
        live = await sse_event(response)
        assert json.loads(live["data"])["number"] == 3


async def test_a_quiet_stream_shows_that_it_lives_and_moves_the_number_on(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_routes, "HEARTBEAT_S", 0.02)
    other = await api.as_user("eve")
    meeting = await api.create()
    async with api.client.get("/api/events/stream", headers=bearer(other)) as response:
        assert (await sse_event(response))["id"] == "0"
        await happen(api, meeting["id"], RoomEventKind.ROOM_OPENED)
        while (heartbeat := await sse_event(response))["id"] == "0":
            pass
        assert heartbeat == {"id": "1"}


async def test_a_websocket_tells_the_number_it_begins_with(api: Api) -> None:
    meeting = await api.create()
    async with api.client.ws_connect("/api/events/ws?after=0", headers=bearer(api)) as socket:
        assert await socket.receive_json(timeout=10) == {"reached": 0}
        await happen(api, meeting["id"], RoomEventKind.ROOM_OPENED)
        event = await socket.receive_json(timeout=10)
        assert (event["kind"], event["meeting_id"]) == ("room.opened", meeting["id"])


async def test_who_logs_out_follows_no_longer(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_routes, "HEARTBEAT_S", 0.02)
    async with (
        # Whoever answers a ping that comes right before the end writes to who is gone.
        api.client.ws_connect("/api/events/ws", headers=bearer(api), autoping=False) as socket,
        api.client.get("/api/events/stream", headers=bearer(api)) as response,
    ):
        await api.call("POST", "/logout")
        async with asyncio.timeout(10):
            while (await socket.receive()).type in {WSMsgType.TEXT, WSMsgType.PING}:
                pass
            assert socket.close_code == 4001
            await response.content.read()


@pytest.mark.parametrize("path", ["/events/stream", "/events/ws", "/call_records.csv", "/events", "/call_records"])
async def test_nobody_reads_without_a_login(api: Api, refused: Refused, path: str) -> None:
    assert (await refused(api.call("GET", path, token="")))[0] == 401


async def test_too_many_followers_are_told_so(api: Api, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_routes, "MOST_FOLLOWERS", 0)
    assert (await refused(api.call("GET", "/events/stream")))[0] == 429


async def call(api: Api, meeting_id: str, name: str) -> None:
    """A meeting in which somebody was."""
    await happen(api, meeting_id, RoomEventKind.ROOM_OPENED)
    await happen(api, meeting_id, RoomEventKind.PARTICIPANT_JOINED, "p", display_name=name, role="guest", via="browser")
    await happen(api, meeting_id, RoomEventKind.PARTICIPANT_LEFT, "p")
    await happen(api, meeting_id, RoomEventKind.ROOM_CLOSED)


async def test_call_records_are_listed_newest_first(api: Api) -> None:
    meeting = await api.create(subject="Budget")
    await call(api, meeting["id"], "Ada")
    await call(api, meeting["id"], "Bob")
    _, page = await api.call("GET", "/call_records")
    assert page["count"] == 4
    assert [record["display_name"] for record in page["items"] if record["kind"] == "LEG"] == ["Bob", "Ada"]
    assert {record["subject"] for record in page["items"]} == {"Budget"}
    _, found = await api.call("GET", "/call_records?kind=LEG&search=ada")
    assert [(record["role"], record["via"], record["duration"]) for record in found["items"]] == [
        ("guest", "browser", 0)
    ]
    assert (await api.call("GET", "/call_records?until=2020-01-01T00:00:00Z"))[1]["count"] == 0
    assert (await (await api.as_user("eve")).call("GET", "/call_records"))[1]["count"] == 0


async def test_a_table_of_all_records_holds_no_formula(api: Api) -> None:
    meeting = await api.create(subject="=1+1")
    await call(api, meeting["id"], '@cmd,"x"')
    async with api.client.get("/api/call_records.csv?kind=LEG", headers=bearer(api)) as response:
        assert response.content_type == "text/csv"
        names, record = list(csv.reader(io.StringIO(await response.text())))
    told = dict(zip(names, record, strict=True))
    assert (told["subject"], told["display_name"], told["via"]) == ("'=1+1", '\'@cmd,"x"', "browser")


async def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(
    api: Api, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(query: CallQuery) -> AsyncGenerator[Sequence[CallRecord], None]:
        raise Unavailable("The server cannot use its database at this moment.", 5.0)
        yield ()

    monkeypatch.setattr(api.context.stream.records, "all", fail)
    assert (await refused(api.call("GET", "/call_records.csv")))[0] == 503
