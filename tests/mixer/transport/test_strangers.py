"""Who has not proved to be a peer gets not one byte, and not one byte is kept of what they sent."""

import random
from collections import Counter
from typing import Any

import pytest

from mixer.base.drops import DropReason
from mixer.params import TransportParams
from mixer.transport.ice_lite import CONSENT_S
from mixer.wire.stun import Address
from tests.mixer.transport.network import DELAY_S, Call, Network
from tests.mixer.transport.strangers import letters, noise

STRANGER: Address = ("203.0.113.9", 666)
OURS = TransportParams("server-ann", "server-password-of-24-char", "ann", "client-password", ())
LETTERS = letters(OURS) | noise(OURS)


def rtp(seq: int) -> bytes:
    return b"\x80\x60" + seq.to_bytes(2, "big") + bytes(4) + b"ssrc" + bytes(20)


def kept(root: object) -> int:
    """How many things are in all the containers that can be reached from `root`, but for the counters of drops."""
    count, waiting, seen = 0, [root], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, Counter | type):
            continue
        seen.add(id(each))
        if isinstance(each, dict):
            count += len(each)
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list | tuple | set | frozenset):
            count += len(each)
            waiting += each
        elif isinstance(each, bytes | bytearray):
            count += len(each)
        elif type(each).__module__.startswith("mixer."):
            waiting += _attributes(each)
    return count


def _attributes(each: object) -> list[Any]:
    slots = [slot for kind in type(each).__mro__ for slot in getattr(kind, "__slots__", ())]
    return [*vars(each).values()] if hasattr(each, "__dict__") else [getattr(each, slot, None) for slot in slots]


def talk(network: Network, call: Call, seq: int) -> None:
    """Both ends hear each other."""
    heard: list[bytes] = []
    call.peer.on_rtp = lambda data, now: heard.append(data)
    call.peer.send_rtp(rtp(seq))
    call.transport.send_rtp(rtp(seq))
    network.run(2 * DELAY_S)
    assert call.sink.rtp[-1] == rtp(seq)
    assert heard == [rtp(seq)]


@pytest.mark.parametrize("is_connected", [False, True], ids=["before the call", "during the call"])
@pytest.mark.parametrize(("data", "reason"), LETTERS.values(), ids=LETTERS)
def test_a_stranger_gets_nothing_and_leaves_nothing(data: bytes, reason: DropReason, is_connected: bool) -> None:
    network = Network()
    call = network.call()
    if is_connected:
        network.connect(call)
    network.sent.clear()
    network.drops.clear()
    before = kept(network.mux)
    for port in range(1, 51):
        network.mux.receive(data, ("203.0.113.9", port), network.now)
        network.mux.receive(data, ("2001:db8::9", port, 0, 0), network.now)
    assert network.sent == []
    assert kept(network.mux) == before
    assert network.drops == {reason: 100}
    if not is_connected:
        network.connect(call)
    talk(network, call, 1)


@pytest.mark.parametrize(("data", "reason"), LETTERS.values(), ids=LETTERS)
def test_a_stranger_delays_no_handshake(data: bytes, reason: DropReason) -> None:
    network = Network()
    call = network.call()
    call.peer.start(network.now)
    turns = 61
    for _ in range(turns):
        network.mux.receive(data, STRANGER, network.now)
        network.run(DELAY_S / 10)
    assert call.peer.is_connected, "three round trips, as without strangers"
    assert all(address == call.address for _, address in network.sent)
    assert network.drops == {reason: turns}


def test_the_count_of_what_is_kept_sees_a_new_peer() -> None:
    network = Network()
    call = network.call()
    before = kept(network.mux)
    network.connect(call)
    assert kept(network.mux) > before


def test_a_transport_that_nobody_proves_to_be_sends_nothing_in_all_its_life() -> None:
    network = Network()
    call = network.call()
    strange = random.Random(2)
    while not call.sink.events:
        for data, _ in LETTERS.values():
            network.mux.receive(data, STRANGER, network.now)
        network.mux.receive(strange.randbytes(strange.randrange(100)), STRANGER, network.now)
        network.run(CONSENT_S / 50)
    assert network.sent == []


def test_random_floods_leave_a_call_as_it_was() -> None:
    """A second of 10,000 packets from as many addresses, half of them with a first byte of ours."""
    network = Network()
    call = network.call()
    network.connect(call)
    strange = random.Random(3)
    before = kept(network.mux)
    network.sent.clear()
    for number in range(10_000):
        data = strange.randbytes(strange.choice((20, 100, 1200)))
        if number % 2:
            data = bytes((strange.choice((0, 1, 22, 128, 144)),)) + data[1:]
        network.mux.receive(data, (f"203.0.{number % 113}.{number % 251}", number), network.now)
    assert network.sent == []
    assert kept(network.mux) == before
    assert network.drops.total() == 10_000
    talk(network, call, 1)
