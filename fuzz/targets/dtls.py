"""DTLS datagrams (`mixer.transport.dtls`): an association that answers within bounds or ends, and never raises.

Each step of an input (`fuzz.pieces`) is a datagram for the server's end, or one that a real client would send now,
whole or damaged.
"""

from collections.abc import Iterator

from fuzz.pieces import cut, join
from mixer.base.drops import Drops
from mixer.transport.dtls import DtlsAssociation, DtlsRole, DtlsState
from mixer.transport.dtls_flight import MTU
from tests.mixer.transport.network import CLIENT_CERTIFICATE, SERVER_CERTIFICATE

MAX_BYTES = 16 * 1024
CLIENTS, DAMAGED, TIMER = 1, 2, 4
MOST_REPLY_BYTES = 16 * MTU
"""To one datagram; the server's flight with its certificate is the largest."""


def target(data: bytes) -> None:
    """States only go forward, and every datagram of ours is small."""
    server = DtlsAssociation(SERVER_CERTIFICATE, CLIENT_CERTIFICATE.fingerprints, Drops())
    client = DtlsAssociation(CLIENT_CERTIFICATE, SERVER_CERTIFICATE.fingerprints, Drops(), DtlsRole.CLIENT)
    client.start(0.0)
    now = 0.0
    order = list(DtlsState)
    for how, payload in cut(data):
        before = order.index(server.state)
        now += 0.1
        for datagram in _datagrams(client, how, payload):
            server.receive(datagram, now)
        if how & TIMER:
            server.handle_timer(now)
        outgoing = server.take_outgoing()
        assert all(len(datagram) <= MTU for datagram in outgoing)
        assert sum(map(len, outgoing)) <= MOST_REPLY_BYTES
        assert order.index(server.state) >= before
        assert (server.keys is not None) >= (server.state is DtlsState.CONNECTED)
        for datagram in outgoing:
            client.receive(datagram, now)
    server.close()
    assert server.state is DtlsState.CLOSED
    assert server.next_deadline() is None


def _datagrams(client: DtlsAssociation, how: int, payload: bytes) -> list[bytes]:
    if not how & CLIENTS:
        return [payload] if payload else []
    datagrams = client.take_outgoing()
    if not how & DAMAGED or not payload:
        return datagrams
    return [_damaged(datagram, payload) for datagram in datagrams]


def _damaged(datagram: bytes, payload: bytes) -> bytes:
    """With some bytes changed: the payload is pairs of a place and what is laid over it."""
    changed = bytearray(datagram)
    for place, mask in zip(payload[::2], payload[1::2], strict=False):
        changed[place % len(changed)] ^= mask
    return bytes(changed)


def seeds() -> Iterator[bytes]:
    """A whole handshake, a damaged one, records that lie about their length, an alert."""
    yield join([(CLIENTS, b"")] * 4)
    yield join([(CLIENTS, b""), (CLIENTS | DAMAGED, b"\x20\x01"), (CLIENTS | TIMER, b"")])
    yield join([(CLIENTS | DAMAGED, b"\x19\xff\x30\x10"), (0, b"\x16\xfe\xfd" + bytes(8) + b"\xff\xff\x01")])
    yield join([(CLIENTS, b"")] * 3 + [(0, b"\x15\xfe\xfd" + bytes(8) + b"\x00\x02\x02\x28")])
