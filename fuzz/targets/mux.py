"""The whole UDP port (`mixer.transport.mux` with real transports behind it): strangers get nothing and leave nothing.

Each step of an input (`fuzz.pieces`) is a datagram from one of a few addresses: a valid check, a damaged one, something
that begins like DTLS or RTP, or anything.
"""

from collections.abc import Iterator

from fuzz.pieces import cut, join
from mixer.wire.stun import Address, StunError, build_request, parse
from tests.mixer.transport.network import Call, Network

MAX_BYTES = 8192
ADDRESSES: list[Address] = [(f"192.0.2.{host}", 4000 + host) for host in range(1, 32)]
MOST_ADDRESSES = 16
"""That one transport remembers."""

MOST_REPLIES = 8
"""Datagrams that one may be answered with; a DTLS flight takes two or three."""

CHECK, DAMAGED, DTLS, RTP, ANYTHING, LATER, VERBS = range(7)


def target(data: bytes) -> None:
    """Only addresses with a signed check are answered, and only those are remembered."""
    network = Network()
    calls = [network.call(name, address) for name, address in (("ann", ADDRESSES[0]), ("bob", ADDRESSES[1]))]
    proved: set[Address] = set()
    for what, payload in cut(data):
        verb, address = what % VERBS, ADDRESSES[what // VERBS % len(ADDRESSES)]
        if verb == LATER:
            network.now += len(payload)
            network.mux.handle_timers(network.now)
            continue
        datagram = _datagram(verb, payload, calls[len(payload) % 2])
        if any(_is_signed(datagram, call) for call in calls):
            proved.add(address)
        drops, sent = network.drops.total(), len(network.sent)
        network.receive(datagram, address)
        assert {to for _, to in network.sent} <= proved, "bytes went to an address that has proved nothing"
        assert address in proved or network.drops.total() == drops + 1
        assert len(network.sent) - sent <= MOST_REPLIES
    for call in calls:
        assert set(call.transport.addresses) <= proved
        assert len(call.transport.addresses) <= MOST_ADDRESSES


def _datagram(verb: int, payload: bytes, call: Call) -> bytes:
    match verb:
        case 0:
            return _check(call)
        case 1:
            changed = bytearray(_check(call))
            for place, mask in zip(payload[::2], payload[1::2], strict=False):
                changed[place % len(changed)] ^= mask
            return bytes(changed)
        case 2:
            return b"\x16\xfe\xfd" + payload
        case 3:
            return b"\x80" + payload
    return payload


def _check(call: Call) -> bytes:
    params = call.peer.params
    username = f"{params.remote_ufrag}:{params.local_ufrag}"
    return build_request(bytes(12), username, params.remote_pwd, 100, controlling=1, is_nominating=True)


def _is_signed(datagram: bytes, call: Call) -> bool:
    """Whether only somebody who was told the password can have made this."""
    try:
        return parse(datagram).is_signed_with(call.peer.params.remote_pwd)
    except StunError:
        return False


def seeds() -> Iterator[bytes]:
    """Strangers of every kind, a peer that moves, one that falls silent."""
    yield join((verb, b"\0\1" * 10) for verb in range(VERBS))
    yield join((CHECK + VERBS * host, b"") for host in range(len(ADDRESSES)))
    yield join([(CHECK, b""), (DTLS, bytes(40)), (RTP, bytes(40)), (LATER, bytes(31)), (CHECK, b"")])
    yield join([(DAMAGED, bytes((place, 1))) for place in range(0, 100, 7)])
    yield join([(CHECK, b""), (CHECK, b"x"), (ANYTHING, bytes(30)), (CHECK + VERBS, b"x")])
