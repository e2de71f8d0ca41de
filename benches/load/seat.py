"""A guest's seat: the WebSocket side of taking part, with as much of the protocol as a guest of few words needs.

It sends no media. docs/protocol.md version 1.
"""

import asyncio
import os
import socket
from typing import Any

import aiohttp

from benches.load.invitation import Invitation

SUBPROTOCOL = "confserver.v1"
ANSWER_LIMIT_S = 10.0

Message = dict[str, Any]


class JoinError(Exception):
    """The guest is not in the room or has no media; the message says what the server said, or that it said nothing."""


class Seat:
    """Made by `open`; in the room once `enter` has returned; left by `leave`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, invitation: Invitation) -> "Seat":
        """Connect to the door, and no more."""
        return cls(await http.ws_connect(f"{invitation.server}/api/ws", protocols=(SUBPROTOCOL,)))

    async def enter(self, invitation: Invitation, name: str, *, has_camera: bool) -> int:
        """Ask for a seat; gives the number of slots to offer. Raises JoinError."""
        join: Message = {
            "type": "join",
            "access_key": invitation.access_key,
            "display_name": name,
            "has_camera": has_camera,
        }
        if invitation.pin is not None:
            join["pin"] = invitation.pin
        await self._socket.send_json(join)
        return int((await self._next("welcome"))["cells"])

    async def negotiate(self, sdp: str, lines: dict[str, str]) -> str:
        """The answer to an offer. Raises JoinError."""
        await self._socket.send_json({"type": "offer", "id": 1, "sdp": sdp, "lines": lines})
        answer = str((await self._next("answer"))["sdp"])
        self._listening = asyncio.create_task(self._pass_over())
        return answer

    @property
    def is_open(self) -> bool:
        """Whether nobody has hung up."""
        return not self._socket.closed

    async def leave(self) -> None:
        """Say goodbye and hang up; without effect when the server did so first."""
        if self.is_open:
            await self._socket.send_json({"type": "leave"})
        await self._socket.close()
        if self._listening is not None:
            await self._listening

    async def vanish(self) -> None:
        """Cut the connection under it, and say nothing."""
        wire = self._socket.get_extra_info("socket")
        if wire is not None:
            with socket.socket(fileno=os.dup(wire.fileno())) as cut:
                cut.shutdown(socket.SHUT_RDWR)
        await self._socket.close()
        if self._listening is not None:
            await self._listening

    async def _next(self, wanted: str) -> Message:
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                async for received in self._socket:
                    message: Message = received.json()
                    if message["type"] == wanted:
                        return message
                    if message["type"] in {"refused", "error", "ended"}:
                        raise JoinError(str(message))
        except TimeoutError:
            raise JoinError(f"no {wanted} within {ANSWER_LIMIT_S:g} s") from None
        raise JoinError(f"closed with code {self._socket.close_code} before {wanted}")

    async def _pass_over(self) -> None:
        """Read on, so that pings are answered; what is told does not concern a guest who shows nothing."""
        async for _ in self._socket:
            pass
