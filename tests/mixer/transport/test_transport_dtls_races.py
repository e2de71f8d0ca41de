"""Whoever forges a client's address, and does not see what is sent there, spoils neither its handshake nor its call."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.base.drops import DropReason, Drops
from mixer.transport.certificate import Certificate
from mixer.transport.dtls import REPEATS_PER_S, DtlsAssociation, DtlsRole
from mixer.transport.dtls_gate import FIRST_HELLO, DtlsGate
from mixer.transport.dtls_record import numbered
from mixer.wire.demux import Protocol, classify
from tests.mixer.transport.network import DELAY_S, SERVER_CERTIFICATE, Network

RECORD_HEADER_BYTES = 13
HIGHEST = 2**48 - 1
OWN_RETRANSMISSION_S = 0.25
"""What a client waits before it repeats its flight, and a little."""
FATAL_ALERT = bytes.fromhex("15fefd0000000000000063000202" + "28")
CLOSE_NOTIFY = bytes.fromhex("15fefd0000000000000064000201" + "00")


def foreign_hello() -> bytes:
    """A whole ClientHello of somebody else."""
    foreigner = DtlsAssociation(Certificate(), SERVER_CERTIFICATE.fingerprints, Drops(), DtlsRole.CLIENT)
    foreigner.start(0.0)
    (hello,) = foreigner.take_outgoing()
    return hello


def with_cookie(hello: bytes, cookie: bytes, message_number: int = 1) -> bytes:
    """A ClientHello without session id and cookie, as its second with that cookie."""
    body = hello[25:60] + bytes((len(cookie),)) + cookie + hello[61:]
    length = len(body).to_bytes(3, "big")
    message = b"\x01" + length + message_number.to_bytes(2, "big") + bytes(3) + length + body
    return hello[:11] + len(message).to_bytes(2, "big") + message


def handshake(kind: int, number: int, body: bytes, offset: int = 0, length: int | None = None) -> bytes:
    whole = (len(body) if length is None else length).to_bytes(3, "big")
    message = bytes((kind,)) + whole + number.to_bytes(2, "big")
    message += offset.to_bytes(3, "big") + len(body).to_bytes(3, "big") + body
    return b"\x16\xfe\xfd" + bytes(8) + len(message).to_bytes(2, "big") + message


HELLO = foreign_hello()
FORGERIES = {
    "another's hello": HELLO,
    "another's hello with a guessed cookie": with_cookie(HELLO, bytes(16)),
    "a later hello": with_cookie(HELLO, b"", message_number=1),
    "a hello of the highest number": numbered(HELLO, HIGHEST),
    "part of a hello that never comes": handshake(1, 0, bytes(90), length=9000),
    "a later part of a hello": handshake(1, 1, bytes(90), offset=60, length=150),
    "the hello that brings OpenSSL to ask": FIRST_HELLO,
    "a key before its turn": handshake(16, 2, bytes(33)),
    "an unprotected Finished": handshake(20, 5, bytes(12)),
    "a fatal alert": FATAL_ALERT,
    "an unprotected goodbye": CLOSE_NOTIFY,
    "a change of cipher": b"\x14\xfe\xfd" + bytes(8) + b"\x00\x01\x01",
    "unprotected data": b"\x17\xfe\xfd" + bytes(8) + b"\x00\x04data",
    "a record of the next epoch": b"\x16\xfe\xfd\x00\x01" + bytes(6) + b"\x00\x30" + bytes(48),
    "a record of an epoch far off": b"\x16\xfe\xfd\x77\x77" + bytes(6) + b"\x00\x30" + bytes(48),
    "a record that ends too late": b"\x16\xfe\xfd" + bytes(8) + b"\xff\xff" + bytes(30),
    "half a header": b"\x16\xfe\xfd" + bytes(9),
    "noise": random.Random(1).randbytes(200).replace(b"\x16", b"\x17"),
}


@pytest.mark.parametrize("turns", range(6), ids=lambda turns: f"after {turns / 2:g} round trips")
@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_datagram_costs_no_more_than_the_clients_own_retransmission(forgery: bytes, turns: int) -> None:
    network = Network()
    call = network.call()
    call.peer.start(network.now)
    network.run((turns + 0.5) * DELAY_S)
    for _ in range(3):
        network.mux.receive(forgery, call.address, network.now)
    network.run(6 * DELAY_S + OWN_RETRANSMISSION_S)
    assert call.peer.is_connected
    assert call.sink.events == ["connected"]


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_datagram_does_nothing_to_a_call(forgery: bytes) -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    for _ in range(3):
        network.mux.receive(forgery, call.address, network.now)
    network.run(1.0)
    assert call.sink.events == ["connected"]
    assert call.peer.close_reason is None


def test_a_race_for_the_first_hello_is_won_by_who_is_at_the_address() -> None:
    """The forger's hellos arrive all the time, from before the client's first to after its last."""
    network = Network()
    call = network.call()
    call.peer.start(network.now)
    for _ in range(200):
        network.mux.receive(foreign_hello_again(network), call.address, network.now)
        network.run(0.001)
    assert call.peer.is_connected
    assert call.sink.events == ["connected"]


def foreign_hello_again(network: Network) -> bytes:
    """Another random each time."""
    return HELLO[:27] + int(network.now * 1e6).to_bytes(32, "big") + HELLO[59:]


@pytest.mark.parametrize("is_connected", [False, True])
def test_who_asks_again_and_again_gets_few_answers(is_connected: bool) -> None:
    network = Network()
    call = network.call()
    if is_connected:
        network.connect(call)
    else:
        call.peer.start(network.now)
        network.run(1.5 * DELAY_S)
    network.sent.clear()
    call.peer.vanish()
    for _ in range(5000):
        network.mux.receive(HELLO, call.address, network.now)
        network.run(1 / 5000)
    answers = [data for data, _ in network.sent if classify(data) is Protocol.DTLS]
    assert len(answers) <= 2 * REPEATS_PER_S
    assert sum(map(len, answers)) < 5000, "a byte asked for is not worth a byte sent"


def test_a_flood_of_records_does_not_reach_openssl() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    for _ in range(5000):
        network.mux.receive(FORGERIES["a record of the next epoch"], call.address, network.now)
        network.run(1 / 5000)
    assert network.drops[DropReason.DTLS_TOO_MANY] > 4700
    assert call.sink.events == ["connected"]
    network.run(1.0)
    call.peer.close()
    network.run(2 * DELAY_S)
    assert call.transport.next_deadline() is None, "a goodbye that is signed is heard again"


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=120), max_size=8), st.booleans())
def test_nothing_random_passes_before_the_cookie(tails: list[bytes], is_framed: bool) -> None:
    gate = DtlsGate(Drops())
    for tail in tails:
        data = b"\x16\xfe\xfd" + bytes(8) + len(tail).to_bytes(2, "big") + tail if is_framed else tail
        assert gate.sift(data).records == b""
