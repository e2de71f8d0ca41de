"""The waiting room over a WebSocket, as docs/protocol.md has it: one connection from the knock to the seat."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, web

from confserver.meetings.meeting import Meeting
from signaling.commands import Admit, Decline, Lock
from signaling.ws.handler import PATH, SUBPROTOCOL, add_websocket
from tests.confserver.rooms.house import House

LIMIT_S = 5.0
OFFER = {"type": "offer", "id": 1, "sdp": "v=0", "lines": {"0": "audio"}}


@pytest.fixture
async def http(house: House) -> AsyncIterator[ClientSession]:
    app = web.Application()
    add_websocket(app, house.door)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with ClientSession(f"http://{host}:{port}") as session:
        yield session
    await runner.cleanup()


async def knock(http: ClientSession, meeting: Meeting, **shown: Any) -> ClientWebSocketResponse:
    socket = await http.ws_connect(PATH, protocols=[SUBPROTOCOL])
    await socket.send_json({"type": "join", "access_key": meeting.access_key, "display_name": "Bob", **shown})
    return socket


async def heard(socket: ClientWebSocketResponse) -> dict[str, Any]:
    return dict(await socket.receive_json(timeout=LIMIT_S))


async def test_from_the_knock_to_the_seat(house: House, http: ClientSession) -> None:
    meeting = await house.meeting(waiting_room="GUESTS")
    socket = await knock(http, meeting)
    waiting = await heard(socket)
    assert (waiting["type"], waiting["reason"], waiting["look"]["text"]) == ("waiting", "host_must_admit", "Welcome")
    assert waiting.keys() == {"type", "waiting_id", "reason", "subject", "host_name", "look", "seat_token"}
    await socket.send_json({"type": "chat", "text": "Hello?"})
    assert (await heard(socket))["code"] == "out_of_turn"
    await socket.send_json(OFFER)
    assert (await heard(socket))["type"] == "answer"
    house.steer(meeting, Admit(waiting_id=waiting["waiting_id"]))
    welcome = await heard(socket)
    assert (welcome["type"], welcome["participant_id"]) == ("welcome", waiting["waiting_id"])
    assert not welcome["has_media"]
    assert house.music.heard == set()
    await socket.close()


async def test_a_word_and_another_try_on_the_same_connection(house: House, http: ClientSession) -> None:
    meeting = await house.meeting(waiting_room="GUESTS")
    socket = await knock(http, meeting)
    waiting = await heard(socket)
    house.steer(meeting, Decline(waiting_id=waiting["waiting_id"], word="Next week"))
    assert await heard(socket) == {"type": "refused", "reason": "declined", "retry_after_s": 60.0, "word": "Next week"}
    await socket.send_json({"type": "join", "access_key": meeting.access_key, "display_name": "Bob"})
    assert (await heard(socket))["type"] == "waiting"
    await socket.send_json({"type": "leave"})
    assert (await socket.receive(timeout=LIMIT_S)).data == 1000
    assert house.waiting.list(meeting.id) == ()


async def test_they_are_told_when_they_wait_for_something_else(house: House, http: ClientSession) -> None:
    meeting = await house.meeting(start_by="HOST", admin_pin="9876")
    socket = await knock(http, meeting)
    assert (await heard(socket))["reason"] == "not_started"
    house.steer(meeting, Lock(is_locked=True))
    host = await knock(http, meeting, pin="9876", display_name="Ada")
    welcome = await heard(host)
    assert [each["display_name"] for each in welcome["waiting"]] == ["Bob"]
    assert (await heard(socket))["reason"] == "host_must_admit"
    await host.send_json({"type": "admit", "waiting_id": None})
    assert (await heard(socket))["type"] == "welcome"
    kinds = {(await heard(host))["type"] for _ in range(2)}
    assert kinds == {"waiting_list", "joined"}
    await socket.close()
    await host.close()


async def test_a_reload_comes_back_to_the_place(house: House, http: ClientSession) -> None:
    meeting = await house.meeting(waiting_room="GUESTS", room_pin="1234")
    socket = await knock(http, meeting, pin="1234")
    waiting = await heard(socket)
    await socket.close()
    again = await knock(http, meeting, seat_token=waiting["seat_token"])
    assert (await heard(again))["waiting_id"] == waiting["waiting_id"]
    # Two tabs: the newer wins.
    third = await knock(http, meeting, seat_token=waiting["seat_token"])
    assert (await heard(third))["type"] == "waiting"
    assert await heard(again) == {"type": "ended", "reason": "replaced"}
    assert (await again.receive(timeout=LIMIT_S)).data == 4004
    await third.close()
