"""The HTTP side of the browser protocol: who may open a WebSocket, and what becomes of those that are open at the end.

Checks before the upgrade cost nothing and keep nothing; everything after it is `connection`. RFC 6455, RFC 6454.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from aiohttp import web

from signaling.ports import Door, EndReason
from signaling.sources import source_of
from signaling.ws.connection import CLOSE_LIMIT_S, Connection

PATH = "/api/ws"
SUBPROTOCOL = "confserver.v1"
MAX_MESSAGE_BYTES = 512 * 1024
MAX_CONNECTIONS = 4096
MAX_OF_SOURCE = 500


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
        self._is_open = True

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Upgrade and serve until the connection is closed."""
        source = source_of(request.remote)
        self._check(request, source)
        with self._counted(source):
            return await self._serve(request)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
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
        connection = Connection(request, socket, self._door, self._clock)
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

    @contextmanager
    def _counted(self, source: str) -> Iterator[None]:
        self._of_source[source] += 1
        try:
            yield
        finally:
            self._of_source[source] -= 1
            if not self._of_source[source]:
                del self._of_source[source]

    def _check(self, request: web.Request, source: str) -> None:
        """Raises the HTTP error of whoever may not connect."""
        if not self._is_open or len(self._connections) >= MAX_CONNECTIONS:
            raise web.HTTPServiceUnavailable(text="The server takes no more connections.")
        if self._of_source[source] >= self._most_of_source:
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
