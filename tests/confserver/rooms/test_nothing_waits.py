"""Who has left is freed at once, not when the cycle collector comes: until then it lies among what is used, and the
daemon grows around it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

from confserver.meetings.meeting import Meeting
from signaling.ws.handler import PATH, SUBPROTOCOL, add_websocket
from tests.confserver.rooms.house import House
from tests.signaling.sdp.captures import capture, publishing
from tests.tools.circles import gathering

OFFER = capture("chromium-av")
OFFERED = {"type": "offer", "id": 1, "sdp": OFFER, "lines": {m: p.value for m, p in publishing(OFFER).items()}}
GUESTS = 3
LIMIT_S = 5.0

End = Callable[[House, Meeting, ClientWebSocketResponse], Awaitable[None]]


@pytest.fixture
async def http(house: House) -> AsyncIterator[ClientSession]:
    """A client of a server which, unlike aiohttp's for tests, lets its handlers end when somebody hangs up."""
    app = web.Application()
    add_websocket(app, house.door)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with ClientSession(f"http://{host}:{port}") as session:
        yield session
    await runner.cleanup()


async def told(socket: ClientWebSocketResponse, wanted: str) -> None:
    """Wait until it is said."""
    while (await socket.receive_json(timeout=LIMIT_S))["type"] != wanted:
        continue


async def come(http: ClientSession, meeting: Meeting) -> ClientWebSocketResponse:
    """A guest with a seat and media."""
    socket = await http.ws_connect(PATH, protocols=[SUBPROTOCOL])
    await socket.send_json({"type": "join", "access_key": meeting.access_key, "display_name": "Bob"})
    await told(socket, "welcome")
    await socket.send_json(OFFERED)
    await told(socket, "answer")
    return socket


async def hung_up(socket: ClientWebSocketResponse, others: set["asyncio.Task[object]"]) -> None:
    """Close it, and wait until nobody works for it any more."""
    while (await socket.receive(timeout=LIMIT_S)).type is WSMsgType.TEXT:
        continue
    await socket.close()
    async with asyncio.timeout(LIMIT_S):
        while asyncio.all_tasks() - others:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0)


async def leave(house: House, meeting: Meeting, socket: ClientWebSocketResponse) -> None:
    await socket.send_json({"type": "leave"})


async def vanish(house: House, meeting: Meeting, socket: ClientWebSocketResponse) -> None:
    await socket.close()


async def be_removed(house: House, meeting: Meeting, socket: ClientWebSocketResponse) -> None:
    room = house.room(meeting)
    room.remove(next(iter(room.participants)))


async def lose_the_room(house: House, meeting: Meeting, socket: ClientWebSocketResponse) -> None:
    await house.registry.end(meeting.id, "deleted")


@pytest.mark.parametrize("end", [leave, vanish, be_removed, lose_the_room])
async def test_nothing_of_a_guest_waits_for_the_collector(house: House, http: ClientSession, end: End) -> None:
    meeting = await house.meeting()
    with gathering() as circles:
        others = asyncio.all_tasks()
        for _ in range(GUESTS):
            socket = await come(http, meeting)
            await end(house, meeting, socket)
            await hung_up(socket, others)
            house.registry.free_lost(float("inf"))
        del socket
    assert not circles.of("confserver", "signaling")
