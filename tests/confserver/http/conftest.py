"""A small application behind the real edge, and a client that may write anything."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web

from confserver.api.edge import refuse
from confserver.config import HttpSettings
from confserver.http.edge import Edge
from confserver.http.headers import security_headers
from confserver.http.install import install_edge
from confserver.http.limits import Limits
from confserver.http.listener import Listener

SOON_S = 5.0
"""Far more than anything here takes; the limits of the edge are hundredths of it."""

Raw = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Front:
    """The edge that a test talks to, and what its application has seen."""

    edge: Edge
    port: int
    seen: list[web.Request] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def connected(self, receive_buffer: int = 0) -> AsyncIterator[Raw]:
        """A plain connection."""
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=sock, limit=1024)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
            await asyncio.gather(writer.wait_closed(), return_exceptions=True)

    async def answer(self, request: bytes) -> tuple[int, str]:
        """Status and all the rest of what is answered until the server closes; 0 if it closes without a word."""
        async with self.connected() as (reader, writer):
            writer.write(request)
            return parsed(await rest_of(reader))


async def eventually(is_so: Callable[[], object]) -> None:
    """Wait until something is so that nobody announces."""
    for _ in range(round(SOON_S * 100)):
        if is_so():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came to that")


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """What still comes until the connection ends, however it ends."""
    received = bytearray()
    try:
        async with asyncio.timeout(SOON_S):
            while chunk := await reader.read(65536):
                received += chunk
    except ConnectionError:
        pass
    return bytes(received)


def parsed(answer: bytes) -> tuple[int, str]:
    """Its status and itself as text."""
    return (int(answer.split(b" ")[1]) if answer else 0, answer.decode("latin-1"))


def application(front: Front, settings: HttpSettings) -> web.Application:
    """What `serving` tells of."""

    async def short(request: web.Request) -> web.Response:
        front.seen.append(request)
        return web.Response(text="here")

    async def echo(request: web.Request) -> web.Response:
        front.seen.append(request)
        return web.Response(body=await request.read())

    async def long(request: web.Request) -> web.Response:
        return web.Response(body=bytes(32 * 1024 * 1024))

    async def chatter(request: web.Request) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await websocket.send_bytes(bytes(16 * 1024))
        return websocket

    async def fail(request: web.Request) -> web.Response:
        raise RuntimeError("a secret")

    app = web.Application(middlewares=[refuse])
    install_edge(app, settings, front.edge)
    app.on_response_prepare.append(security_headers(settings.frame_ancestors))
    app.router.add_get("/", short)
    app.router.add_get("/long", long)
    app.router.add_get("/chatter", chatter)
    app.router.add_get("/fail", fail)
    app.router.add_post("/post", echo)
    app.router.add_get("/api/join/key", short)
    app.router.add_get("/api/login", short)
    return app


@contextlib.asynccontextmanager
async def serving(
    settings: HttpSettings | None = None, limits: Limits | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Front]:
    """An application behind the edge: `/` (short), `/long`, `/chatter` (a WebSocket), `/fail`, `/post` (echoes) and
    some addresses of the API.
    """
    settings = settings or HttpSettings()
    edge = replace(Edge.of(settings), limits=limits or Limits())
    listening = socket.create_server(("127.0.0.1", 0))
    front = Front(edge, listening.getsockname()[1])

    listener = Listener(application(front, settings), listening, edge, tls, shutdown_timeout=0.1)
    await listener.start()
    try:
        yield front
    finally:
        await listener.stop()


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    """The edge as it comes."""
    async with serving() as front:
        yield front
