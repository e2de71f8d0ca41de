"""The browser protocol over a real WebSocket, with a room that only remembers."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp import (
    ClientSession,
    ClientWebSocketResponse,
    TCPConnector,
    WSMsgType,
    WSServerHandshakeError,
    web,
)
from aiohttp.test_utils import TestClient, TestServer

from mixer.params import Purpose
from signaling.ports import EndReason, MediaLost, RoomChanged
from signaling.ws import connection, handler
from signaling.ws.handler import MAX_MESSAGE_BYTES, SUBPROTOCOL, add_websocket
from tests.signaling.ws.fake_door import FakeDoor, FakeSeat

JOIN = {"type": "join", "access_key": "k", "display_name": "Ada", "pin": "1234"}
OFFER = {"type": "offer", "id": 1, "sdp": "v=0", "lines": {"0": "audio"}}

Client = TestClient[web.Request, web.Application]


@asynccontextmanager
async def served(door: FakeDoor, clock: Callable[[], float] = time.monotonic) -> AsyncIterator[Client]:
    app = web.Application()
    add_websocket(app, door, ["https://meet.example"], clock)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def door() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
async def client(door: FakeDoor) -> AsyncIterator[Client]:
    async with served(door) as client:
        yield client


async def connect(client: Client, **headers: str) -> ClientWebSocketResponse:
    return await client.ws_connect("/api/ws", protocols=[SUBPROTOCOL], headers=headers)


async def seated(client: Client, door: FakeDoor) -> tuple[ClientWebSocketResponse, FakeSeat]:
    socket = await connect(client)
    await socket.send_json(JOIN)
    assert (await socket.receive_json())["type"] == "welcome"
    return socket, door.seats[-1]


async def ending(socket: ClientWebSocketResponse) -> tuple[list[dict[str, Any]], int | None, str]:
    """What was still said, and the code and reason of the close."""
    messages = []
    while (frame := await socket.receive()).type is WSMsgType.TEXT:
        messages.append(json.loads(frame.data))
    return messages, frame.data, frame.extra or ""


async def test_the_whole_course(client: Client, door: FakeDoor) -> None:
    socket, seat = await seated(client, door)
    assert door.knocks[0].display_name == "Ada"
    assert door.knocks[0].source == "127.0.0.1"
    await socket.send_json(OFFER)
    assert await socket.receive_json() == {"type": "answer", "id": 1, "sdp": "v=0\r\nanswer"}
    await socket.send_json({"type": "set", "has_camera": True})
    await socket.send_json({"type": "mute", "participant_id": "p2", "is_muted": True})
    await socket.send_json({"type": "remove", "participant_id": "p3"})
    assert (await socket.receive_json())["code"] == "no_such_participant"
    await socket.send_json({"type": "end"})
    await socket.send_json({"type": "leave"})
    assert await ending(socket) == ([], 1000, "left")
    assert await seat.gone == "left"
    assert seat.asked == [
        ("negotiate", {"0": Purpose.AUDIO}, False),
        ("set", {"has_camera": True}),
        ("mute", {"participant_id": "p2", "is_muted": True}),
        ("end", {}),
    ]


async def test_a_bad_offer_is_explained(client: Client, door: FakeDoor) -> None:
    socket, _ = await seated(client, door)
    await socket.send_json(OFFER | {"id": 9, "sdp": "nonsense"})
    answer = await socket.receive_json()
    assert (answer["code"], answer["of"], answer["id"]) == ("bad_sdp", "offer", 9)
    await socket.close()


async def test_a_wrong_pin_may_be_corrected(client: Client, door: FakeDoor) -> None:
    socket = await connect(client)
    await socket.send_json(JOIN | {"pin": "0"})
    assert await socket.receive_json() == {"type": "refused", "reason": "wrong_pin", "retry_after_s": 1.5}
    await socket.send_json(JOIN)
    assert (await socket.receive_json())["type"] == "welcome"
    await socket.close()


async def test_what_takes_time_keeps_its_turn(client: Client, door: FakeDoor) -> None:
    socket, seat = await seated(client, door)
    seat.may_answer.clear()
    await socket.send_json(OFFER)
    await socket.send_json({"type": "set", "has_screen": True})
    await socket.send_json({"type": "dance"})
    assert (await socket.receive_json())["code"] == "unknown_type"
    assert [request[0] for request in seat.asked] == ["negotiate"]
    seat.may_answer.set()
    assert (await socket.receive_json())["type"] == "answer"
    assert [request[0] for request in seat.asked] == ["negotiate", "set"]
    await socket.close()


async def test_what_the_room_says_arrives(client: Client, door: FakeDoor) -> None:
    socket, seat = await seated(client, door)
    seat.listener.notify(MediaLost())
    seat.listener.notify(RoomChanged(subject="<b>"))
    assert await socket.receive_json() == {"type": "media_lost"}
    assert await socket.receive_json() == {"type": "room", "subject": "<b>"}
    await socket.close()


async def test_who_is_removed_hears_why(client: Client, door: FakeDoor) -> None:
    socket, seat = await seated(client, door)
    seat.listener.close(EndReason.REMOVED)
    assert await ending(socket) == ([{"type": "ended", "reason": "removed"}], 4002, "removed")
    assert await seat.gone == "lost"


@pytest.mark.parametrize(("code", "how"), [(1001, "going away"), (1000, "lost"), (4999, "lost")])
async def test_who_closes_without_leaving_may_come_back(client: Client, door: FakeDoor, code: int, how: str) -> None:
    socket, seat = await seated(client, door)
    await socket.close(code=code)
    assert await seat.gone == how


async def test_who_comes_back_shows_their_token_and_ends_the_older_connection(client: Client, door: FakeDoor) -> None:
    socket, seat = await seated(client, door)
    newer = await connect(client)
    await newer.send_json(JOIN | {"seat_token": "t"})
    welcome = await newer.receive_json()
    assert [knock.seat_token for knock in door.knocks] == [None, "t"]
    assert (welcome["seat_token"], welcome["is_resumed"], welcome["has_media"]) == ("seat-token", True, False)
    seat.listener.close(EndReason.REPLACED)
    assert await ending(socket) == ([{"type": "ended", "reason": "replaced"}], 4004, "replaced")
    await newer.close()


async def test_who_vanishes_is_lost(client: Client, door: FakeDoor) -> None:
    socket, seat = await seated(client, door)
    seat.may_answer.clear()
    await socket.send_json(OFFER)
    socket._writer.transport.abort()
    assert await seat.gone == "lost"
    await socket.close()


async def test_who_gives_up_waiting_takes_no_seat(client: Client, door: FakeDoor) -> None:
    socket = await connect(client)
    await socket.send_json({"type": "join", "access_key": "k", "display_name": "Ada"})
    await socket.send_json(JOIN)
    assert (await socket.receive_json())["code"] == "out_of_turn"
    await socket.send_json({"type": "leave"})
    assert (await ending(socket))[1] == 1000
    assert (len(door.knocks), door.seats) == (1, [])


async def test_bytes_are_refused(client: Client) -> None:
    socket = await connect(client)
    await socket.send_bytes(b"\x00")
    messages, code, reason = await ending(socket)
    assert (messages[0]["code"], code, reason) == ("bad_message", 4000, "protocol")


async def test_a_message_that_is_too_long_closes(client: Client) -> None:
    socket = await connect(client)
    await socket.send_str("x" * (MAX_MESSAGE_BYTES + 1))
    assert (await ending(socket))[1] == 1009


async def test_our_own_fault_is_logged_and_closes(
    client: Client, door: FakeDoor, caplog: pytest.LogCaptureFixture
) -> None:
    socket, seat = await seated(client, door)
    with caplog.at_level(logging.CRITICAL + 1):
        await socket.send_json({"type": "lock", "is_locked": True})
        assert (await ending(socket))[1:] == (1011, "internal")
    assert await seat.gone == "lost"


async def test_a_client_lives_by_its_pongs(door: FakeDoor) -> None:
    now = 1000.0
    async with served(door, lambda: now) as client:
        socket = await client.ws_connect("/api/ws", protocols=[SUBPROTOCOL], autoping=False)
        await socket.send_json(JOIN)
        assert (await socket.receive_json())["type"] == "welcome"
        for _ in range(3):
            now += 6.0
            # Time jumps here, so the timer that was set before has to be set anew by something that happens.
            door.seats[0].listener.notify(MediaLost())
            assert {(await socket.receive()).type for _ in range(2)} == {WSMsgType.TEXT, WSMsgType.PING}
            await socket.pong()
            await socket.send_json({"type": "dance"})
            assert (await socket.receive_json())["code"] == "unknown_type"
        now += 10.5
        door.seats[0].listener.notify(MediaLost())
        assert (await ending(socket))[1:] == (4008, "slow")
        assert await door.seats[0].gone == "lost"


async def test_a_client_that_does_not_read_is_cut_off(
    client: Client, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CLOSE_LIMIT_S", 0.1)
    socket, seat = await seated(client, door)
    # More than all buffers on the way hold, so that the writer is stuck; then more than the outbox holds.
    for _ in range(200):
        seat.listener.notify(RoomChanged(subject="x" * 100_000))
    await asyncio.sleep(0)
    for _ in range(200):
        seat.listener.notify(RoomChanged(is_locked=True))
    assert await asyncio.wait_for(seat.gone, 5) == "lost"
    await socket.close()


async def test_the_server_says_goodbye_to_everybody(door: FakeDoor) -> None:
    async with served(door) as client:
        socket, seat = await seated(client, door)
        waiting = await connect(client)
        closing = asyncio.create_task(client.app.shutdown())
        for one in (socket, waiting):
            assert await ending(one) == ([{"type": "ended", "reason": "shutdown"}], 1001, "shutdown")
        await closing
        assert seat.gone.done()
        with pytest.raises(WSServerHandshakeError) as caught:
            await connect(client)
        assert caught.value.status == 503


async def test_pages_of_others_stay_out(client: Client) -> None:
    own = str(client.make_url("/")).rstrip("/")
    for origin in (own, "https://meet.example"):
        await (await connect(client, Origin=origin)).close()
    for origin in ("https://evil.example", "null", "http://[", ""):
        with pytest.raises(WSServerHandshakeError) as caught:
            await connect(client, Origin=origin)
        assert caught.value.status == 403


async def test_the_version_of_the_protocol_must_fit(client: Client) -> None:
    with pytest.raises(WSServerHandshakeError) as caught:
        await client.ws_connect("/api/ws", protocols=["confserver.v9"])
    assert caught.value.status == 400
    assert (await client.get("/api/ws")).status == 400


async def test_one_source_opens_only_so_many(door: FakeDoor) -> None:
    app = web.Application()
    add_websocket(app, door, most_of_source=2)
    async with TestClient(TestServer(app)) as client:
        first, second = await connect(client), await connect(client)
        with pytest.raises(WSServerHandshakeError) as caught:
            await connect(client)
        assert caught.value.status == 429
        await first.close()
        await (await connect(client)).close()
        await second.close()


async def taken_by(session: ClientSession, client: Client) -> tuple[list[ClientWebSocketResponse], int]:
    """The connections that one source can open and keep without a seat, and what the next one was answered."""
    opened = []
    while len(opened) < 100:
        try:
            opened.append(await session.ws_connect(client.make_url("/api/ws"), protocols=[SUBPROTOCOL]))
        except WSServerHandshakeError as error:
            return opened, error.status
    raise AssertionError("no limit")


async def test_a_few_sources_without_seats_keep_nobody_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "MAX_UNSEATED", 12)
    async with AsyncExitStack() as open_till_the_end:
        taken = []
        for last in range(2, 10):
            connector = TCPConnector(local_addr=(f"127.0.0.{last}", 0))
            session = await open_till_the_end.enter_async_context(ClientSession(connector=connector))
            taken.append(await taken_by(session, client))
    assert [(len(opened), status) for opened, status in taken] == [
        (3, 429),
        (3, 429),
        (2, 429),
        (1, 429),
        (1, 429),
        (1, 429),
        (1, 503),
        (0, 503),
    ]


async def test_who_has_a_seat_no_longer_counts_as_without_one(
    client: Client, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "MAX_UNSEATED", 4)
    sockets = [(await seated(client, door))[0] for _ in range(5)]
    waiting = await connect(client)
    with pytest.raises(WSServerHandshakeError) as caught:
        await connect(client)
    assert caught.value.status == 429
    await waiting.send_json(JOIN | {"pin": "0"})
    assert (await waiting.receive_json())["type"] == "refused"
    with pytest.raises(WSServerHandshakeError):
        await connect(client)
    await waiting.close()
    sockets.append((await seated(client, door))[0])
    for socket in sockets:
        await socket.close()


async def test_an_office_of_200_joins_from_one_address_in_one_moment(client: Client, door: FakeDoor) -> None:
    """Not one of them has sent its `join` before all of them have connected."""
    async with ClientSession(client.make_url("/"), connector=TCPConnector(limit=0)) as session:
        office = await asyncio.gather(*(session.ws_connect("/api/ws", protocols=[SUBPROTOCOL]) for _ in range(200)))
        for socket in office:
            await socket.send_json(JOIN)
        assert {(await socket.receive_json())["type"] for socket in office} == {"welcome"}
        assert len(door.seats) == 200
        await asyncio.gather(*(socket.close() for socket in office))


async def test_a_burst_of_some_does_not_overrun_the_others(client: Client, door: FakeDoor) -> None:
    """What several send in one go reaches those who read piece by piece, not more at once than anybody is allowed."""
    listening, listener = await seated(client, door)
    text = json.dumps({"type": "set", "has_camera": True}).encode()
    frame = bytes([0x81, 0x80 | len(text)]) + bytes(4) + text
    for _ in range(3):
        socket, seat = await seated(client, door)
        seat.obey = lambda _: listener.listener.notify(RoomChanged(subject="changed"))  # type: ignore[method-assign]
        transport = socket._writer.transport
        assert transport is not None
        transport.write(95 * frame)
    told = [await listening.receive_json() for _ in range(3 * 95)]
    assert {message["type"] for message in told} == {"room"}
    await listening.close()
