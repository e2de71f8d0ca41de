"""A handshake that is none (RFC 6455 section 4.2.1) is refused in one sentence, which repeats nothing of it."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from signaling.ws.handler import SUBPROTOCOL, add_websocket
from tests.signaling.ws.fake_door import FakeDoor

CANARY = b"canary-4711"
LIMIT_S = 15.0
FIELDS = {
    b"Host": b"x",
    b"Connection": b"Upgrade",
    b"Upgrade": b"websocket",
    b"Sec-WebSocket-Version": b"13",
    b"Sec-WebSocket-Key": b"dGhlIHNhbXBsZSBub25jZQ==",
    b"Sec-WebSocket-Protocol": SUBPROTOCOL.encode(),
}


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    app = web.Application()
    add_websocket(app, FakeDoor())
    server = TestServer(app)
    async with server:
        yield server


async def head_and_body(server: TestServer, fields: dict[bytes, bytes]) -> tuple[bytes, bytes]:
    """The answer to a handshake as it comes over the wire; a body only if the answer has a length."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    try:
        lines = (name + b": " + value for name, value in fields.items())
        writer.write(b"\r\n".join([b"GET /api/ws HTTP/1.1", *lines, b"", b""]))
        async with asyncio.timeout(LIMIT_S):
            head = await reader.readuntil(b"\r\n\r\n")
            _, found, length = head.partition(b"Content-Length: ")
            return head, await reader.readexactly(int(length.split()[0])) if found else b""
    finally:
        writer.transport.abort()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def test_a_handshake_as_it_should_be(server: TestServer) -> None:
    head, _ = await head_and_body(server, FIELDS)
    assert head.startswith(b"HTTP/1.1 101 ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param(b"Sec-WebSocket-Key", CANARY, id="a key that is no base64"),
        pytest.param(b"Sec-WebSocket-Key", CANARY + b"A", id="a key of another length"),
        pytest.param(b"Sec-WebSocket-Key", CANARY + b"\xff", id="a key that is no text"),
        pytest.param(b"Sec-WebSocket-Version", CANARY, id="a version that is none"),
        pytest.param(b"Upgrade", CANARY, id="another protocol"),
        pytest.param(b"Connection", CANARY, id="no upgrade"),
    ],
)
async def test_a_handshake_that_is_none_is_refused_without_its_words(
    server: TestServer, name: bytes, value: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        head, body = await head_and_body(server, FIELDS | {name: value})
    assert head.startswith(b"HTTP/1.1 400 ")
    assert body == b"This is not a valid WebSocket handshake."
    assert CANARY not in head
    assert CANARY.decode() not in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]
