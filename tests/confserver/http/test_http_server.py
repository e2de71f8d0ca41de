"""What strangers may do to the web server: little, not for long, and they hear little about it."""

import logging
import ssl
from collections import Counter
from contextlib import AsyncExitStack

import pytest

from confserver.config import HttpSettings
from confserver.http.connections import Connections
from confserver.http.limits import Limits
from confserver.http.refusals import Refusal, Refusals
from tests.confserver.http.conftest import Front, eventually, parsed, rest_of, serving

QUICK = Limits(head_s=0.1, idle_s=0.2, write_s=0.1, linger_s=0.1, look_s=0.02)
CANARY = b"canary-4711"

CLOSE = b"Host: x\r\nConnection: close\r\n\r\n"
GET = b"GET / HTTP/1.1\r\n" + CLOSE


async def test_an_ordinary_request(front: Front) -> None:
    status, answer = await front.answer(GET)
    assert status == 200
    assert answer.endswith("\r\n\r\nhere")
    assert "Server: confserver\r\n" in answer


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + CANARY, id="TLS on a plain port"),
        pytest.param(CANARY + b"\r\n\r\n", id="no HTTP"),
        pytest.param(b"GET / HTTP/9.9\r\n" + CLOSE, id="a version that is none"),
        pytest.param(b"GET /" + CANARY * 500 + b" HTTP/1.1\r\n" + CLOSE, id="a long request line"),
        pytest.param(b"GET / HTTP/1.1\r\nX: " + CANARY * 1000 + b"\r\n" + CLOSE, id="a long field"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"X: canary-4711\r\n" * 100 + CLOSE, id="many fields"),
        pytest.param(b"GET / HTTP/1.1\r\nX canary-4711\r\n" + CLOSE, id="a field without a colon"),
        pytest.param(b"GET / HTTP/1.1\r\nX : canary-4711\r\n" + CLOSE, id="a space before the colon"),
        pytest.param(b"GET / HTTP/1.1\r\nX: a\r\n canary-4711\r\n" + CLOSE, id="a folded field"),
        pytest.param(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", id="no host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: canary-4711\r\n" + CLOSE, id="two hosts"),
        pytest.param(b"GET http://canary-4711/ HTTP/1.1\r\n" + CLOSE, id="absolute form"),
        pytest.param(b"CONNECT canary-4711:443 HTTP/1.1\r\n" + CLOSE, id="authority form"),
        pytest.param(b"OPTIONS * HTTP/1.1\r\n" + CLOSE, id="asterisk form"),
        pytest.param(b"GET / HTTP/1.1\r\nExpect: canary-4711\r\n" + CLOSE, id="an unknown expectation"),
        pytest.param(
            b"POST /post HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n" + CLOSE + b"0\r\n\r\n",
            id="a length and chunks",
        ),
        pytest.param(b"POST /post HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 9\r\n" + CLOSE, id="two lengths"),
        pytest.param(b"POST /post HTTP/1.1\r\nContent-Length: -1\r\n" + CLOSE, id="a negative length"),
        pytest.param(b"POST /post HTTP/1.1\r\nContent-Length: +1\r\n" + CLOSE, id="a length with a sign"),
        pytest.param(b"POST /post HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n" + CLOSE, id="an unknown coding"),
        pytest.param(b"GET / HTTP/1.1\nX: \x00\n" + CLOSE, id="a zero in a field"),
    ],
)
async def test_what_is_not_a_request_is_refused_in_a_sentence(
    front: Front, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        status, answer = await front.answer(request_)
    assert status == 400
    assert answer.endswith("\r\n\r\nThis is not a valid HTTP request.")
    assert "Server: confserver\r\n" in answer
    assert "nosniff" in answer
    assert CANARY.decode() not in answer + caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.INFO]
    assert front.edge.refusals[Refusal.MALFORMED] == 1
    assert front.seen == []


async def test_an_old_client_needs_no_host(front: Front) -> None:
    assert (await front.answer(b"GET / HTTP/1.0\r\n\r\n"))[0] == 200
    assert front.seen[0].host == ""


async def test_requests_may_follow_one_another(front: Front) -> None:
    _, answer = await front.answer(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 40 + GET)
    assert answer.count("HTTP/1.1 200 OK") == 41


async def test_a_compressed_body_stays_as_it_is(front: Front) -> None:
    bomb = b"POST /post HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n" + CLOSE + b"\x1f\x8b\x08\x00"
    assert (await front.answer(bomb))[1].endswith("\r\n\r\n\x1f\x8b\x08\x00")


async def test_a_failure_outside_the_api_is_one_sentence(front: Front) -> None:
    status, answer = await front.answer(b"GET /fail HTTP/1.1\r\nAccept: text/html\r\n" + CLOSE)
    assert status == 500
    assert answer.endswith("\r\n\r\nSomething went wrong in the server.")
    assert "secret" not in answer


async def test_a_body_of_broken_chunks_is_refused(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    chunked = b"POST /post HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + CLOSE
    status, answer = await front.answer(chunked + CANARY + b"\r\n")
    assert status == 400
    assert CANARY.decode() not in answer + caplog.text


async def test_who_goes_in_the_middle_of_a_request_is_no_failure_of_ours(
    front: Front, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with front.connected() as (_, writer):
        writer.write(b"POST /post HTTP/1.1\r\nContent-Length: 9\r\n" + CLOSE)
        await eventually(lambda: front.seen)
    await eventually(lambda: front.edge.connections.count == 0)
    assert "failed" not in caplog.text + capsys.readouterr().out


@pytest.mark.parametrize("sent", [b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "], ids=["a letter", "half a head"])
async def test_a_slow_head_is_not_waited_for(sent: bytes) -> None:
    async with serving(limits=QUICK) as front, front.connected() as (reader, writer):
        writer.write(sent)
        assert await rest_of(reader) == b""
        assert front.edge.refusals == {Refusal.SLOW_HEAD: 1}


async def test_a_slow_head_after_a_request_is_not_waited_for_either() -> None:
    async with serving(limits=QUICK) as front, front.connected() as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"here")
        writer.write(b"GET /")
        assert await rest_of(reader) == b""


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"], ids=["before", "after a request"])
async def test_an_idle_connection_is_closed(first: bytes) -> None:
    async with serving(limits=QUICK) as front, front.connected() as (reader, writer):
        writer.write(first)
        assert (await rest_of(reader)).count(b"200 OK") == (1 if first else 0)
        assert front.edge.refusals == {}


async def test_a_body_that_nobody_reads_is_not_waited_for() -> None:
    async with serving(limits=QUICK) as front, front.connected() as (reader, writer):
        writer.write(b"DELETE / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        assert parsed(await rest_of(reader))[0] == 405


async def test_a_client_that_does_not_read_is_hung_up_on() -> None:
    async with serving(limits=QUICK) as front, front.connected(receive_buffer=4096) as (_, writer):
        writer.transport.pause_reading()
        writer.write(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        await eventually(lambda: front.edge.refusals[Refusal.SLOW_READER])
        await eventually(lambda: front.edge.connections.count == 0)


async def test_a_websocket_that_is_not_read_is_hung_up_on_too() -> None:
    async with serving(limits=QUICK) as front, front.connected(receive_buffer=4096) as (reader, writer):
        writer.write(
            b"GET /chatter HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.pause_reading()
        await eventually(lambda: front.edge.refusals[Refusal.SLOW_READER])
        await eventually(lambda: front.edge.connections.count == 0)


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01\x02\x00\x01", GET], ids=["nothing", "half a hello", "plain HTTP"])
async def test_who_does_not_come_to_terms_on_tls_is_hung_up_on(sent: bytes) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    async with serving(limits=Limits(handshake_s=0.1), tls=tls) as front, front.connected() as (reader, writer):
        writer.write(sent)
        assert b"HTTP" not in await rest_of(reader)
        await eventually(lambda: front.edge.connections.count == 0)
        assert front.edge.refusals == {Refusal.NO_HANDSHAKE: 1}


async def test_one_source_holds_only_so_many_connections() -> None:
    async with serving(HttpSettings(max_connections_per_source=10)) as front:
        async with AsyncExitStack() as open_ones:
            for _ in range(10):
                reader, writer = await open_ones.enter_async_context(front.connected())
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                await reader.readuntil(b"here")
            assert await front.answer(GET) == (0, "")
            assert front.edge.refusals == {Refusal.TOO_MANY_OF_SOURCE: 1}
        await eventually(lambda: front.edge.connections.count == 0)
        assert (await front.answer(GET))[0] == 200


def test_places_are_counted_by_source_and_in_all() -> None:
    refusals = Refusals()
    connections = Connections(5, 2, lambda address: address == "10.0.0.1", refusals)
    assert connections.take("2001:db8::1")
    first = connections.take("2001:db8::2")
    assert first
    assert not connections.take("2001:db8::3")
    assert connections.take("2001:db8:0:1::1")
    first.give_back()
    first.give_back()
    assert [bool(connections.take("10.0.0.1")) for _ in range(4)] == [True, True, True, False]
    assert refusals == Counter({Refusal.TOO_MANY_OF_SOURCE: 1, Refusal.TOO_MANY_CONNECTIONS: 1})


async def test_a_source_that_asks_too_often_waits() -> None:
    async with serving(HttpSettings(max_requests_per_s=1)) as front:
        _, answers = await front.answer(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 21 + GET)
        assert answers.count("200 OK") == 20
        assert answers.count("429 Too Many Requests") == 2
        assert answers.count("Retry-After: 1\r\n") == 2
        status, answer = await front.answer(b"GET /api/join/key HTTP/1.1\r\n" + CLOSE)
        assert status == 429
        assert '"code":"TOO_MANY_REQUESTS"' in answer
        assert front.edge.refusals == {Refusal.TOO_MANY_REQUESTS: 3}
