"""The HTTP side of the browser protocol: who may open a WebSocket, and what becomes of those that are open at the end.

Checks before the upgrade cost nothing and keep nothing; everything after it is `connection`. RFC 6455, RFC 6454.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager

from aiohttp import web

from signaling.ports import Door, EndReason
from signaling.sources import source_of
from signaling.ws.connection import CLOSE_LIMIT_S, Connection

PATH = "/api/ws"
SUBPROTOCOL = "confserver.v1"
MAX_MESSAGE_BYTES = 512 * 1024
MAX_CONNECTIONS = 4096
MAX_OF_SOURCE = 500
MAX_UNSEATED = 1000
"""Connections that hold no seat yet: anybody may open them, and each may hold an unfinished message."""

UNSEATED_SHARE = 3
"""A source may hold a third of what is free of them: alone 250. An office of 200 fits in that even if all of them have
connected before the first has sent its `join`. Ten sources that take what they can hold 77 each and leave 230 to
others: a few keep nobody out."""


class WebSocketHandler:
    """`handle` serves a GET route; `shut_down` goes to `app.on_shutdown`."""

    def __init__(
        self,
        door: Door,
        allowed_origins: Collection[str],
        clock: Callable[[], float],
        most_of_source: int = MAX_OF_SOURCE,
    ) -> None:
        self._door = door
        self._allowed_origins = frozenset(origin.lower().rstrip("/") for origin in allowed_origins)
        self._clock = clock
        self._most_of_source = most_of_source
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._of_source: Counter[str] = Counter()
        self._unseated: Counter[str] = Counter()
        self._is_open = True

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Upgrade and serve until the connection is closed."""
        source = source_of(request.remote)
        self._check(request, source)
        with _counted(self._of_source, source), ExitStack() as unseated:
            unseated.enter_context(_counted(self._unseated, source))
            return await self._serve(request, unseated.close)

    async def _serve(self, request: web.Request, on_seated: Callable[[], None]) -> web.StreamResponse:
        socket = web.WebSocketResponse(
            protocols=(SUBPROTOCOL,),
            max_msg_size=MAX_MESSAGE_BYTES,
            timeout=CLOSE_LIMIT_S,
            autoping=False,
            compress=False,
        )
        try:
            await socket.prepare(request)
        except (web.HTTPBadRequest, ValueError):  # of which is a key beyond ASCII
            # In our words: those of aiohttp repeat what the client sent.
            raise web.HTTPBadRequest(text="This is not a valid WebSocket handshake.") from None
        connection = Connection(request, socket, self._door, self._clock, on_seated)
        task = asyncio.current_task()
        assert task is not None
        self._connections[connection] = task
        try:
            await connection.run()
        finally:
            del self._connections[connection]
        return socket

    async def shut_down(self, _app: web.Application) -> None:
        """Tell everybody, close with 1001 and wait until they are gone; new ones are turned away."""
        self._is_open = False
        tasks = list(self._connections.values())
        for connection in list(self._connections):
            connection.close(EndReason.SHUTDOWN)
        if tasks:
            await asyncio.wait(tasks, timeout=2 * CLOSE_LIMIT_S)

    def _check(self, request: web.Request, source: str) -> None:
        """Raises the HTTP error of whoever may not connect."""
        free = MAX_UNSEATED - self._unseated.total()
        if not self._is_open or len(self._connections) >= MAX_CONNECTIONS or not free:
            raise web.HTTPServiceUnavailable(text="The server takes no more connections.")
        if self._of_source[source] >= self._most_of_source or self._unseated[source] * UNSEATED_SHARE >= free:
            raise web.HTTPTooManyRequests(text="Your network has too many connections open.")
        if not self._is_allowed(request.headers.get("Origin"), request.host):
            raise web.HTTPForbidden(text="This origin may not connect.")
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        if SUBPROTOCOL not in (word.strip() for word in offered.split(",")):
            raise web.HTTPBadRequest(text=f"The subprotocol {SUBPROTOCOL} is needed.")

    def _is_allowed(self, origin: str | None, host: str) -> bool:
        """A page may connect to where it came from; programs have no origin."""
        if origin is None:
            return True
        return origin.partition("://")[2].lower() == host.lower() or origin.lower() in self._allowed_origins


@contextmanager
def _counted(counts: Counter[str], source: str) -> Iterator[None]:
    counts[source] += 1
    try:
        yield
    finally:
        counts[source] -= 1
        if not counts[source]:
            del counts[source]


def add_websocket(
    app: web.Application,
    door: Door,
    allowed_origins: Collection[str] = (),
    clock: Callable[[], float] = time.monotonic,
    most_of_source: int = MAX_OF_SOURCE,
) -> None:
    """Serve the browser protocol at `PATH` of an application, and end it with the application."""
    handler = WebSocketHandler(door, allowed_origins, clock, most_of_source)
    app.router.add_get(PATH, handler.handle)
    app.on_shutdown.append(handler.shut_down)
