"""Real sockets and the event loop: thin clients reach transports through the driver, on both address families."""

import asyncio
import errno
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mixer.base.drops import DropReason, Drops
from mixer.params import TransportParams
from mixer.transport.close_reason import CloseReason
from mixer.transport.driver import Driver
from mixer.transport.ice_lite import CONSENT_S
from mixer.transport.udp import BUFFER_BYTES, DATAGRAMS_PER_DRAIN, DRAIN_LIMIT_S, UdpPort, bind, bind_any
from mixer.transport.webrtc import WebRtcTransport
from mixer.wire.demux import Protocol, classify
from mixer.wire.stun import MAGIC_COOKIE, Address
from tests.mixer.transport.network import CLIENT_CERTIFICATE, SERVER_CERTIFICATE, Sink
from tests.peers.thin_socket import ThinSocket

RTP = b"\x80\x60\x00\x01" + bytes(4) + b"ssrc" + bytes(100)
LOCAL_HOSTS = ["127.0.0.1", "::1"]


@dataclass
class AwaitedSink(Sink):
    """Tells when its transport has ended."""

    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def on_closed(self, reason: CloseReason, now: float) -> None:
        super().on_closed(reason, now)
        self.closed.set()


@pytest.fixture
def port() -> Iterator[UdpPort]:
    sock = bind("127.0.0.1", 0)
    port = UdpPort(sock.detach(), Drops())
    yield port
    port.close()


def address_of(port: UdpPort) -> tuple[str, int]:
    with socket.socket(fileno=os.dup(port.fileno())) as sock:
        host, number, *_ = sock.getsockname()
        return host, number


def drain(port: UdpPort) -> list[bytes]:
    """All that has come: on a clock that stands still nothing takes too long."""
    received: list[bytes] = []
    port.drain(lambda data, address, now: received.append(data), lambda: 0.0)
    return received


@pytest.mark.parametrize("host", LOCAL_HOSTS)
async def test_a_client_reaches_its_transport(host: str) -> None:
    sock = bind(host, 0)
    address: Address = sock.getsockname()
    drops = Drops()
    driver = Driver([sock.detach()], drops)
    sink = AwaitedSink()
    params = TransportParams("server", "server-password", "ann", "client-password", CLIENT_CERTIFICATE.fingerprints)
    transport = WebRtcTransport(params, SERVER_CERTIFICATE, sink, driver.send, drops, time.monotonic())
    driver.add(transport)
    mirrored = TransportParams("ann", "client-password", "server", "server-password", SERVER_CERTIFICATE.fingerprints)
    client = ThinSocket(mirrored, CLIENT_CERTIFICATE, address)
    connected, heard = asyncio.Event(), asyncio.Event()
    client.peer.on_connected = connected.set
    client.peer.on_rtp = lambda data, now: heard.set()
    client.start()
    async with asyncio.timeout(5):
        await connected.wait()
        transport.send_rtp(RTP)
        await heard.wait()
        client.close()
        await sink.closed.wait()
    assert sink.events == ["connected", CloseReason.DTLS_CLOSED]
    driver.remove(transport)
    driver.close()


async def test_the_timer_ends_a_transport_nobody_comes_to() -> None:
    sock = bind("127.0.0.1", 0)
    drops = Drops()
    driver = Driver([sock.detach()], drops)
    params = TransportParams("server", "server-password", "ann", "client-password", ())
    sink = AwaitedSink()
    born_at = time.monotonic() - CONSENT_S + 0.01
    driver.add(WebRtcTransport(params, SERVER_CERTIFICATE, sink, driver.send, drops, born_at))
    async with asyncio.timeout(5):
        await sink.closed.wait()
    driver.close()
    assert sink.events == [CloseReason.CONSENT_EXPIRED]


def test_a_busy_port_is_known_at_once() -> None:
    with bind("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use") as caught:
        bind("127.0.0.1", taken.getsockname()[1])
    assert caught.value.errno == errno.EADDRINUSE


def test_all_addresses_share_one_port_number() -> None:
    sockets = bind_any(0)
    assert len({sock.getsockname()[1] for sock in sockets}) == 1
    assert sockets[0].family == socket.AF_INET
    with pytest.raises(OSError, match="in use"):
        bind_any(sockets[0].getsockname()[1])
    for sock in sockets:
        sock.close()


def test_a_port_that_only_ipv6_has_taken_is_busy() -> None:
    with bind("::", 0) as taken, pytest.raises(OSError, match="in use"):
        bind_any(taken.getsockname()[1])


def test_a_number_that_is_no_port_leaves_no_socket_open() -> None:
    with pytest.raises(OverflowError):
        bind("127.0.0.1", 70_000)


def test_buffers_are_large_enough_for_bursts() -> None:
    with bind("127.0.0.1", 0) as sock:
        limit = int(Path("/proc/sys/net/core/rmem_max").read_text())
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= min(BUFFER_BYTES, limit)


def test_one_wake_takes_a_bounded_number_of_datagrams_and_leaves_none_behind(port: UdpPort) -> None:
    sent = [RTP[:12] + number.to_bytes(2, "big") for number in range(DATAGRAMS_PER_DRAIN + 1)]
    with bind("127.0.0.1", 0) as sender:
        for data in sent:
            sender.sendto(data, address_of(port))
    received = []
    port.drain(lambda data, address, now: received.append(data), lambda: 0.0)
    assert len(received) == DATAGRAMS_PER_DRAIN
    received += drain(port)
    assert received == sent


def test_a_slow_wake_lets_the_tick_come_in_between(port: UdpPort) -> None:
    with bind("127.0.0.1", 0) as sender:
        for _ in range(5):
            sender.sendto(RTP, address_of(port))
    clock = iter([0.0, DRAIN_LIMIT_S / 2, DRAIN_LIMIT_S * 1.5, DRAIN_LIMIT_S * 2])
    received: list[bytes] = []
    port.drain(lambda data, address, now: received.append(data), lambda: next(clock))
    assert len(received) == 2


def test_datagrams_the_kernel_drops_are_counted(port: UdpPort) -> None:
    with socket.socket(fileno=os.dup(port.fileno())) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with bind("127.0.0.1", 0) as sender:
        for _ in range(100):
            sender.sendto(RTP + bytes(900), address_of(port))
    assert port.kernel_drops == 100 - len(drain(port)) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such filter; the mux does the same")
@pytest.mark.parametrize("host", LOCAL_HOSTS)
def test_the_kernel_keeps_to_itself_what_is_nothing_of_ours(host: str) -> None:
    cookie = MAGIC_COOKIE.to_bytes(4, "big")
    whole = [bytes((first, 0, 0, 0)) + cookie + bytes(12) for first in range(256)]
    spoiled = [bytes(20), bytes((0, 1, 0, 0)) + cookie + bytes(3), RTP[:11], b""]
    with closing(UdpPort(bind(host, 0).detach(), Drops())) as port, bind(host, 0) as sender:
        for data in (*whole, *spoiled):
            sender.sendto(data, (host, address_of(port)[1]))
        assert drain(port) == [data for data in whole if classify(data) is not Protocol.UNKNOWN]


def test_what_cannot_be_sent_is_counted() -> None:
    drops = Drops()
    port = UdpPort(bind("127.0.0.1", 0).detach(), drops)
    port.send(bytes(70_000), ("127.0.0.1", 9))
    assert drops == {DropReason.SOCKET_SEND_FAILED: 1}
    port.close()
