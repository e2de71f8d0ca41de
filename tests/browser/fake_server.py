"""A stand-in for the server that says what a test tells it to, so that the pages can be tried alone.

It serves the real pages under the real policy; the room, its people and their refusals are the test's. Pictures come
from another browser page (mirror.js), which answers the offers.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web
from playwright.async_api import Browser, Page

from confserver.pages import add_pages
from tests.browser.fake_meetings import FakeMeetings, meeting

HERE = Path(__file__).parent
ACCESS_KEY = "qJc0f7Zt4mUqv3bYp9sX2w"
MEETING_ID = "m1"
TOKEN = "token"
SEAT_TOKEN = "seat-of-ada"

PLAIN: dict[str, Any] = {"text": None, "background": None, "accent": None, "logo_url": None, "has_music": False}
"""The look of a waiting room that nobody has dressed."""

FLAGS = (
    "is_muted",
    "is_muted_by_host",
    "has_screen",
    "is_reconnecting",
    "is_chairman",
    "is_verified",
    "is_camera_stopped",
    "has_floor",
)

Message = dict[str, Any]


def person(number: int, name: str, **state: Any) -> Message:
    """A participant as docs/protocol.md describes one."""
    own = {"id": f"p{number}", "display_name": name, "role": "guest", "has_camera": True}
    return {**own, **dict.fromkeys(FLAGS, False), "hand": None, "position": None, **state}


def slot(line: int, owner: Message | None, generation: int | None = 0, purpose: str = "camera") -> Message:
    """An entry of `slots`; slots are the m-lines after the four of one's own."""
    participant_id = owner and owner["id"]
    return {
        "mid": str(4 + line),
        "participant_id": participant_id,
        "purpose": owner and purpose,
        "generation": generation,
    }


class FakeServer:
    """One meeting. `refusals` are used up first, one by each `join`; `received` is what the page has sent.

    `place`: whoever joins waits there, as the fields of `waiting` say, until `admit` or another message of the test.
    `own_state` is what the server knows better of one's own seat; `has_media`: it says that it still holds the peer
    connection; `knows_media`: it does. `logins` are the bodies of all tries, `renewed` is the token for
    one that has expired; None: it is not renewed."""

    def __init__(self, mirror: Page) -> None:
        self.mirror = mirror
        self.url = ""
        self.invitation: Message | None = {
            "subject": "Weekly planning",
            "state": "open",
            "pin_required": False,
            "host_pin": False,
            "mode": "VIDEO",
            "language": "en-US",
            "host_name": "Ada Lovelace",
            "starts_at": None,
            "waiting_room": False,
            "look": PLAIN,
        }
        self.refusals: list[Message] = []
        self.place: Message | None = None
        self.own_role = "guest"
        self.own_state: Message = {}
        self.has_media = False
        self.knows_media = True
        self.others: list[Message] = []
        self.waiting: list[Message] = []
        self.removed: list[Message] = []
        self.chat: list[Message] = []
        self.cells = 9
        self.slots: list[Message] = []
        self.meetings = FakeMeetings(TOKEN)
        self.logins: list[Message] = []
        self.renewed: str | None = None
        self.received: list[Message] = []
        self.joins = 0
        self._socket: web.WebSocketResponse | None = None

    @property
    def join_url(self) -> str:
        """The invite link."""
        return f"{self.url}/join/{ACCESS_KEY}"

    async def tell(self, message: Message) -> None:
        """Send a message to the page."""
        assert self._socket is not None
        await self._socket.send_json(message)

    async def wait(self, **changes: Any) -> None:
        """Let whoever waits wait for something else, and whoever comes now."""
        assert self.place is not None
        self.place |= changes
        await self.tell(self._waiting())

    async def admit(self) -> None:
        """Let whoever waits in, and whoever comes now."""
        self.place = None
        await self.tell(self._seat(self.of_type("join")[-1]))

    async def drop(self, code: int) -> None:
        """Close the WebSocket."""
        assert self._socket is not None
        await self._socket.close(code=code)

    def of_type(self, kind: str) -> list[Message]:
        """What the page has sent of this type."""
        return [message for message in self.received if message["type"] == kind]

    def application(self) -> web.Application:
        """The pages, and what they ask of a server."""
        app = web.Application()
        app.router.add_get("/api/join/{access_key}", self._look_up)
        app.router.add_get("/api/ws", self._serve)
        app.router.add_post("/api/login", self._log_in)
        app.router.add_get("/api/login", self._session)
        app.router.add_post("/api/login/refresh", self._refresh)
        app.router.add_get("/api/user/meetings/{meeting_id}", self._read)
        self.meetings.add_to(app)
        add_pages(app)
        return app

    async def _look_up(self, _: web.Request) -> web.Response:
        if self.invitation is None:
            return web.json_response({"errors": [{"code": "NOT_FOUND", "message": "no such meeting"}]}, status=404)
        return web.json_response(self.invitation)

    async def _log_in(self, request: web.Request) -> web.Response:
        self.logins.append(await request.json())
        if self.logins[-1]["password"] != "right":
            return web.json_response({"errors": [{"code": "UNAUTHORIZED", "message": "wrong"}]}, status=401)
        tokens = {"access_token": TOKEN, "refresh_token": "again", "token_type": "Bearer", "expires_in": 3600}
        return web.json_response({**tokens, "role": "ADMIN"})

    async def _refresh(self, _: web.Request) -> web.Response:
        if self.renewed is None:
            return web.json_response({"errors": [{"code": "UNAUTHORIZED", "message": "expired"}]}, status=401)
        return web.json_response({"access_token": self.renewed, "refresh_token": "again", "expires_in": 3600})

    async def _session(self, _: web.Request) -> web.Response:
        return web.json_response({"username": "ada", "role": "ADMIN"})

    async def _read(self, _: web.Request) -> web.Response:
        return web.json_response(meeting(MEETING_ID, "Weekly planning", self.url, invite_url=self.join_url))

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=["confserver.v1"])
        await socket.prepare(request)
        self._socket = socket
        async for incoming in socket:
            if incoming.type is WSMsgType.TEXT:
                await self._receive(socket, incoming.json())
        return socket

    async def _receive(self, socket: web.WebSocketResponse, message: Message) -> None:
        self.received.append(message)
        if message["type"] == "join":
            await socket.send_json(self._seat(message))
        elif message["type"] == "offer":
            await self._negotiate(socket, message)

    async def _negotiate(self, socket: web.WebSocketResponse, offer: Message) -> None:
        if offer["new"] or self.knows_media:
            sdp = await self.mirror.evaluate("offer => answer(offer)", offer)
            await socket.send_json({"type": "answer", "id": offer["id"], "sdp": sdp})
            await socket.send_json({"type": "slots", "slots": self.slots})
        else:
            await socket.send_json({"type": "error", "code": "bad_sdp", "of": "offer", "id": offer["id"]})

    def _seat(self, join: Message) -> Message:
        if self.refusals:
            return {"type": "refused", **self.refusals.pop(0)}
        if self.place is not None:
            return self._waiting()
        self.joins += 1
        is_resumed = join.get("seat_token") == SEAT_TOKEN
        own = {"is_muted": join["is_muted"], "has_camera": join["has_camera"], "role": self.own_role, **self.own_state}
        return {
            "type": "welcome",
            "participant_id": "p0",
            "role": self.own_role,
            "subject": "Weekly planning",
            "cells": self.cells,
            "is_locked": False,
            "control": "FREE",
            "layout": "LAYOUT0",
            "spotlight_id": None,
            "is_mute_on_entry": False,
            "chat": self.chat,
            "waiting": self.waiting,
            "removed": self.removed,
            "capacity": 9,
            "seat_token": SEAT_TOKEN,
            "is_resumed": is_resumed,
            "has_media": is_resumed and self.has_media,
            "participants": [person(0, join["display_name"], **own), *self.others],
        }

    def _waiting(self) -> Message:
        own = {"type": "waiting", "waiting_id": "p0", "subject": "Weekly planning", "host_name": "Ada Lovelace"}
        return {**own, "reason": "host_must_admit", "look": PLAIN, "seat_token": SEAT_TOKEN, **(self.place or {})}


@asynccontextmanager
async def fake_server(browser: Browser) -> AsyncIterator[FakeServer]:
    """A stand-in on a free port, with its mirror in the same browser."""
    mirror = await browser.new_page()
    await mirror.add_script_tag(path=HERE / "mirror.js")
    server = FakeServer(mirror)
    runner = web.AppRunner(server.application(), shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
