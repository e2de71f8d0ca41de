"""A small web server behind the HTTPS of some settings, on free ports, and clients that look at what it presents."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from cryptography import x509

from confserver.config import Settings
from confserver.http.edge import Edge
from confserver.http.listener import Listener
from confserver.tls.https import Https, open_https

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

LIMIT_S = 10.0
QUESTION = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class Served:
    """Where it listens: `port` for HTTPS, `plain_port` for plain HTTP beside it."""

    https: Https
    port: int
    plain_port: int


@contextlib.asynccontextmanager
async def serving(settings: Settings, plain_port: int = 0) -> AsyncIterator[Served]:
    """The HTTPS of these settings in front of an application that says hello; ports that are 0 are free ones."""
    https = open_https(settings)
    assert https is not None
    app = web.Application()
    app.router.add_get("/", _hello)
    app.on_response_prepare.append(https.insist)
    encrypted, plain = (socket.create_server(("127.0.0.1", port)) for port in (0, plain_port))
    edge = Edge.of(settings.http)
    fronts = [
        Listener(app, encrypted, edge, https.served.context),
        Listener(https.plain.application(), plain, edge),
    ]
    served = Served(https, encrypted.getsockname()[1], plain.getsockname()[1])
    try:
        for front in fronts:
            await front.start()
        https.start()
        yield served
    finally:
        await https.stop()
        for front in fronts:
            await front.stop()


async def _hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


def anything() -> ssl.SSLContext:
    """A client that takes any certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def trusting(root_pem: str) -> ssl.SSLContext:
    """A client that trusts this root alone."""
    return ssl.create_default_context(cadata=root_pem)


async def connect(port: int, context: ssl.SSLContext, name: str = "localhost") -> Streams:
    """A connection with its handshake done. `name` empty: the client names no server."""
    async with asyncio.timeout(LIMIT_S):
        return await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)


def certificate_of(streams: Streams) -> x509.Certificate:
    presented = streams[1].get_extra_info("ssl_object").getpeercert(binary_form=True)
    return x509.load_der_x509_certificate(presented)


async def presented(port: int, context: ssl.SSLContext | None = None, name: str = "localhost") -> x509.Certificate:
    """What a new connection is presented with."""
    streams = await connect(port, context or anything(), name)
    streams[1].close()
    return certificate_of(streams)


async def says_hello(streams: Streams) -> bool:
    """Whether a request on this connection is answered; it stays open."""
    reader, writer = streams
    writer.write(QUESTION)
    async with asyncio.timeout(LIMIT_S):
        head = await reader.readuntil(b"\r\n\r\n")
        return head.startswith(b"HTTP/1.1 200 ") and await reader.readexactly(5) == b"hello"


async def until_presented(port: int, serial_number: int) -> None:
    """Wait until new connections get the certificate of this serial number."""

    async def is_presented() -> bool:
        return (await presented(port)).serial_number == serial_number

    await until(is_presented)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is true, up to the limit."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)
