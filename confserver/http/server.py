"""aiohttp's server with what it lacks for strangers: deadlines for each connection, and errors in our own words.

It accepts no connection (`confserver.http.listener`) and knows no address that is served. RFC 9110, RFC 9112.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import structlog
from aiohttp import HttpVersion11, web

from confserver.http.answers import plain_answer
from confserver.http.edge import Edge
from confserver.http.refusals import Refusal

log = structlog.get_logger(__name__)

BAD_REQUEST = "This is not a valid HTTP request."
FAILED = "Something went wrong in the server."
EXPECTATION = "100-continue"


class HttpConnection(web.RequestHandler):
    """One connection. Whoever made it asks it to `look` now and then, and is told when it is `lost`."""

    def __init__(self, server: "HttpServer", edge: Edge) -> None:
        limits = edge.limits
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=cast(Any, None),
            keepalive_timeout=limits.idle_s,
            lingering_time=limits.linger_s,
            max_line_size=limits.line_bytes,
            max_field_size=limits.field_bytes,
            max_headers=limits.fields,
            read_bufsize=limits.read_bytes,
            auto_decompress=False,
        )
        self.when_lost: Callable[[], None] = lambda: None
        self.is_serving = False
        self._edge = edge
        self._wire: asyncio.Transport | None = None
        self._head_since: float | None = None
        self._unread_since: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of asyncio's protocol."""
        self._wire = cast(asyncio.Transport, transport)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Part of asyncio's protocol."""
        self._wire = None
        super().connection_lost(exc)
        self.when_lost()

    def data_received(self, data: bytes) -> None:
        """Part of asyncio's protocol."""
        if data and not self.is_serving and self._head_since is None:
            self._head_since = asyncio.get_running_loop().time()
        super().data_received(data)

    def begin(self) -> None:
        """A request's head is complete."""
        self.is_serving, self._head_since = True, None

    def finish(self) -> None:
        """Its answer is there."""
        self.is_serving = False

    def look(self, now: float) -> None:
        """Hang up on a client that sends its request, or reads its answer, too slowly; `now` is the loop's time."""
        if self._wire is None:
            return
        if self._wire.get_write_buffer_size() == 0:
            self._unread_since = None
        elif self._unread_since is None:
            self._unread_since = now
        if self._unread_since is not None and now - self._unread_since > self._edge.limits.write_s:
            self._hang_up(Refusal.SLOW_READER)
        elif self._head_since is not None and now - self._head_since > self._edge.limits.head_s:
            self._hang_up(Refusal.SLOW_HEAD)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """In our words: those of aiohttp repeat what the client sent, to the client and to the log."""
        if request.writer.output_size > 0:
            raise ConnectionError("half of an answer is sent already")
        if status < 500:
            self._edge.refusals.count(Refusal.MALFORMED)
        elif not isinstance(exc, ConnectionError):  # of a client that has gone in the middle of its request
            log.error("a request failed unexpectedly", method=request.method, exc_info=exc)
        answer = plain_answer(status, BAD_REQUEST if status < 500 else FAILED)
        answer.force_close()
        return answer

    def _hang_up(self, reason: Refusal) -> None:
        self._edge.refusals.count(reason)
        assert self._wire is not None
        self._wire.abort()


class HttpServer(web.Server):
    """Makes connections that serve what `inner`, the server of an application, serves."""

    def __init__(self, inner: web.Server, edge: Edge) -> None:
        super().__init__(self._serve, request_factory=inner.request_factory)
        self._application = inner.request_handler
        self._edge = edge

    def __call__(self) -> HttpConnection:
        """A connection that is not connected yet."""
        return HttpConnection(self, self._edge)

    def look(self, now: float) -> None:
        """At every connection."""
        for connection in self.connections:
            cast(HttpConnection, connection).look(now)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = cast(HttpConnection, request.protocol)
        connection.begin()
        try:
            if _is_malformed(request):
                self._edge.refusals.count(Refusal.MALFORMED)
                return plain_answer(400, BAD_REQUEST)
            return await self._application(request)
        finally:
            connection.finish()


class HttpRunner(web.AppRunner):
    """Starts and ends an application, as aiohttp's does, on an `HttpServer`."""

    def __init__(self, app: web.Application, edge: Edge, shutdown_timeout: float) -> None:
        super().__init__(app, shutdown_timeout=shutdown_timeout)
        self._edge = edge

    @property
    def http_server(self) -> HttpServer:
        """Between `setup` and `cleanup`."""
        return cast(HttpServer, self.server)

    # Private by name, and abstract in aiohttp's base class: the only place where an application meets its server.
    async def _make_server(self) -> web.Server:
        return HttpServer(await super()._make_server(), self._edge)


def _is_malformed(request: web.BaseRequest) -> bool:
    """What the parser lets pass and this server has no use for: forms of requests that are meant for proxies, a
    missing Host (RFC 9112 section 3.2), expectations that aiohttp would answer with the client's own words.
    """
    is_for_a_proxy = not request.raw_path.startswith("/")
    is_without_host = request.version >= HttpVersion11 and "Host" not in request.headers
    return is_for_a_proxy or is_without_host or request.headers.get("Expect", EXPECTATION).lower() != EXPECTATION
