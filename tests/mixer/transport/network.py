"""Servers and thin clients on one network of invented time, seeded loss and reordering; no sockets, no waiting."""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from mixer.base.drops import DropReason, Drops
from mixer.params import Fingerprint, TransportParams
from mixer.transport.certificate import Certificate
from mixer.transport.close_reason import CloseReason
from mixer.transport.mux import Mux
from mixer.transport.srtp import PREFERRED_PROFILES, SrtpProfile
from mixer.transport.webrtc import WebRtcTransport
from mixer.wire.stun import Address
from tests.peers.thin_client import ThinPeer

CERTIFICATES = Certificate(), Certificate()
SERVER_CERTIFICATE, CLIENT_CERTIFICATE = CERTIFICATES
DELAY_S = 0.01


@dataclass
class Sink:
    """Writes down what a transport tells its endpoint."""

    events: list[object] = field(default_factory=list)
    rtp: list[bytes] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)

    def on_connected(self, now: float) -> None:
        self.events.append("connected")

    def on_rtp(self, data: bytes, now: float) -> None:
        self.rtp.append(data)

    def on_rtcp(self, data: bytes, now: float) -> None:
        self.rtcp.append(data)

    def on_closed(self, reason: CloseReason, now: float) -> None:
        self.events.append(reason)


@dataclass
class Call:
    """One client with its transport on the server."""

    transport: WebRtcTransport
    sink: Sink
    peer: ThinPeer
    address: Address


class Network:
    """The server's mux and its clients. `loss`: probability; `jitter_s`: extra delay, which reorders."""

    def __init__(self, seed: int = 0, loss: float = 0.0, jitter_s: float = 0.0) -> None:
        self.now = 1000.0
        self.loss = loss
        self.jitter_s = jitter_s
        self.drops = Drops()
        self.mux = Mux(self.drops)
        self.sent: list[tuple[bytes, Address]] = []
        """Whatever the server sent."""
        self._random = random.Random(seed)
        self._flying: list[tuple[float, int, Callable[[bytes], None], bytes]] = []
        self._serial = itertools.count()
        self._clients: dict[Address, ThinPeer] = {}

    def call(
        self,
        name: str = "ann",
        address: Address = ("192.0.2.1", 4000),
        profiles: tuple[SrtpProfile, ...] = PREFERRED_PROFILES,
        fingerprints: tuple[Fingerprint, ...] = CLIENT_CERTIFICATE.fingerprints,
    ) -> Call:
        """A transport in the mux and a client at `address` that has its credentials."""
        sink = Sink()
        params = TransportParams(f"server-{name}", "server-password-of-24-char", name, "client-password", fingerprints)
        transport = WebRtcTransport(params, SERVER_CERTIFICATE, sink, self.send, self.drops, self.now)
        self.mux.add(transport)
        mirrored = TransportParams(
            params.remote_ufrag,
            params.remote_pwd,
            params.local_ufrag,
            params.local_pwd,
            SERVER_CERTIFICATE.fingerprints,
        )
        peer = ThinPeer(mirrored, CLIENT_CERTIFICATE, lambda data: None, profiles=profiles)
        self.move(peer, address)
        return Call(transport, sink, peer, address)

    def move(self, peer: ThinPeer, address: Address) -> None:
        """The client sends from this address now, and is reached there."""
        peer.send = lambda data: self._fly(lambda arrived: self.mux.receive(arrived, address, self.now), data)
        self._clients[address] = peer

    def unplug(self, address: Address) -> None:
        """Nobody is reached at this address any more."""
        self._clients.pop(address, None)

    def send(self, data: bytes, address: Address) -> None:
        """What the server sends."""
        self.sent.append((data, address))
        client = self._clients.get(address)
        if client is not None:
            self._fly(lambda arrived: client.receive(arrived, self.now), data)

    def receive(self, data: bytes, address: Address) -> list[bytes]:
        """Let a datagram arrive at the server from nowhere in particular; returns what is sent there at once."""
        before = len(self.sent)
        self.mux.receive(data, address, self.now)
        return [reply for reply, to in self.sent[before:] if to == address]

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while (next_at := min(self._deadlines())) <= end:
            self.now = max(self.now, next_at)
            self._deliver()
            self._call_timers()
        self.now = end

    def connect(self, call: Call) -> None:
        """Connect a client, which takes a few round trips without loss."""
        call.peer.start(self.now)
        self.run(1.0)
        assert call.peer.is_connected
        assert call.transport.is_connected

    def dropped(self) -> set[DropReason]:
        """The reasons counted since this was last asked."""
        reasons = set(self.drops)
        self.drops.clear()
        return reasons

    def _fly(self, arrive: Callable[[bytes], None], data: bytes) -> None:
        if self._random.random() >= self.loss:
            at = self.now + DELAY_S + self._random.random() * self.jitter_s
            heapq.heappush(self._flying, (at, next(self._serial), arrive, data))

    def _deadlines(self) -> Iterator[float]:
        yield float("inf")
        if self._flying:
            yield self._flying[0][0]
        deadlines = [self.mux.next_deadline(), *(client.next_deadline() for client in self._clients.values())]
        yield from (deadline for deadline in deadlines if deadline is not None)

    def _deliver(self) -> None:
        while self._flying and self._flying[0][0] <= self.now:
            _, _, arrive, data = heapq.heappop(self._flying)
            arrive(data)

    def _call_timers(self) -> None:
        deadline = self.mux.next_deadline()
        if deadline is not None and deadline <= self.now:
            self.mux.handle_timers(self.now)
        for client in tuple(self._clients.values()):
            deadline = client.next_deadline()
            if deadline is not None and deadline <= self.now:
                client.handle_timer(self.now)
