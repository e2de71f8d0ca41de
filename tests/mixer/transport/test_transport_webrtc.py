"""A client and its transport, from the first check to the end, on invented time."""

import dataclasses

import pytest

from mixer.base.drops import DropReason
from mixer.params import Fingerprint
from mixer.transport.close_reason import CloseReason
from mixer.transport.dtls import HANDSHAKE_LIMIT_S
from mixer.transport.ice_lite import CONSENT_S
from mixer.transport.srtp import SrtpProfile
from mixer.wire.demux import Protocol, classify
from tests.mixer.transport.network import CLIENT_CERTIFICATE, DELAY_S, Call, Network

RTCP = bytes.fromhex("80c90001000004d2")


def rtp(seq: int, size: int = 100, ssrc: int = 1234) -> bytes:
    return b"\x80\x60" + seq.to_bytes(2, "big") + bytes(4) + ssrc.to_bytes(4, "big") + bytes(size - 12)


def send_both_ways(network: Network, call: Call) -> None:
    heard: list[bytes] = []
    call.peer.on_rtp = call.peer.on_rtcp = lambda data, now: heard.append(data)
    call.peer.send_rtp(rtp(1))
    call.peer.send_rtcp(RTCP)
    call.transport.send_rtp(rtp(2))
    call.transport.send_rtcp(RTCP)
    network.run(0.1)
    assert call.sink.rtp == [rtp(1)]
    assert call.sink.rtcp == [RTCP]
    assert heard == [rtp(2), RTCP]


def test_a_client_connects_and_both_hear_each_other() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    assert call.sink.events == ["connected"]
    assert call.peer.profile is SrtpProfile.AEAD_AES_128_GCM
    send_both_ways(network, call)
    assert network.dropped() == set()


def test_without_loss_a_client_is_connected_after_three_round_trips() -> None:
    network = Network()
    call = network.call()
    call.peer.start(network.now)
    network.run(2 * 3 * DELAY_S)
    assert call.peer.is_connected
    assert call.transport.is_connected


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ((SrtpProfile.AES128_CM_SHA1_80,), SrtpProfile.AES128_CM_SHA1_80),
        ((SrtpProfile.AES128_CM_SHA1_80, SrtpProfile.AEAD_AES_128_GCM), SrtpProfile.AEAD_AES_128_GCM),
    ],
    ids=["what the client can do", "our preference, not the client's"],
)
def test_the_srtp_profile(offered: tuple[SrtpProfile, ...], chosen: SrtpProfile) -> None:
    network = Network()
    call = network.call(profiles=offered)
    network.connect(call)
    assert call.peer.profile is chosen
    send_both_ways(network, call)


@pytest.mark.parametrize("seed", range(30))
def test_loss_and_reordering_only_delay_the_handshake(seed: int) -> None:
    network = Network(seed, loss=0.3, jitter_s=0.05)
    call = network.call()
    call.peer.start(network.now)
    network.run(HANDSHAKE_LIMIT_S)
    assert call.peer.is_connected
    assert call.sink.events == ["connected"]
    network.loss = network.jitter_s = 0.0
    send_both_ways(network, call)
    network.sent.clear()
    network.run(10.0)
    assert {classify(data) for data, _ in network.sent} == {Protocol.STUN}, "the handshake has come to rest"


def test_a_client_with_another_certificate_is_not_let_in() -> None:
    network = Network()
    call = network.call(fingerprints=(Fingerprint("sha-256", ":".join(["AB"] * 32)),))
    call.peer.start(network.now)
    network.run(1.0)
    assert call.sink.events == [CloseReason.FINGERPRINT_MISMATCH]
    call.peer.send_rtp(rtp(1))
    network.run(1.0)
    assert call.sink.rtp == []
    assert call.peer.close_reason is CloseReason.DTLS_CLOSED


@pytest.mark.parametrize("algorithm", ["sha-256", "SHA-512"])
def test_any_signalled_fingerprint_will_do(algorithm: str) -> None:
    known = next(each for each in CLIENT_CERTIFICATE.fingerprints if each.algorithm == algorithm.lower())
    network = Network()
    md5 = Fingerprint("md5", "00")
    call = network.call(fingerprints=(md5, dataclasses.replace(known, algorithm=algorithm, value=known.value.lower())))
    network.connect(call)


def test_a_client_that_leaves_is_gone_at_once() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    call.peer.close()
    network.run(0.1)
    assert call.sink.events == ["connected", CloseReason.DTLS_CLOSED]
    assert call.transport.next_deadline() is None


def test_a_client_is_told_when_the_server_closes() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    call.transport.close(CloseReason.LOCAL, network.now)
    call.transport.close(CloseReason.LOCAL, network.now)
    network.run(0.1)
    assert call.peer.close_reason is CloseReason.DTLS_CLOSED
    assert call.sink.events == ["connected", CloseReason.LOCAL]
    network.drops.clear()
    call.transport.send_rtp(rtp(1))
    assert network.dropped() == {DropReason.SRTP_NO_KEYS}


def test_a_client_that_stays_is_kept_and_one_that_vanishes_expires() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    network.run(100.0)
    assert call.transport.is_connected
    call.peer.vanish()
    network.run(CONSENT_S - 3.0)
    assert call.transport.is_connected
    network.run(3.0)
    assert call.sink.events == ["connected", CloseReason.CONSENT_EXPIRED]


def test_who_has_taken_consent_back_is_not_even_told_goodbye() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    call.peer.vanish()
    network.sent.clear()
    network.run(CONSENT_S)
    assert call.sink.events[-1] is CloseReason.CONSENT_EXPIRED
    call.transport.send_rtp(rtp(1))
    assert network.sent == []


def test_a_client_that_never_comes_expires() -> None:
    network = Network()
    call = network.call()
    network.run(CONSENT_S)
    assert call.sink.events == [CloseReason.CONSENT_EXPIRED]


def test_a_client_that_checks_but_does_not_shake_hands_is_given_up() -> None:
    network = Network()
    call = network.call()
    send, call.peer.send = call.peer.send, lambda data: send(data) if data[0] < 4 else None
    call.peer.start(network.now)
    network.run(HANDSHAKE_LIMIT_S + 2 * DELAY_S)
    assert call.sink.events == [CloseReason.HANDSHAKE_TIMEOUT]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16" + bytes(30),
        b"\x14\xfe\xfd" + b"\xff" * 40,
        b"\x16\xfe\xfd\x00\x01\x00\x00\x00\x00\x00\x09\x00\x10" + b"x" * 16,
        b"\x17\xfe\xfd\x00\x01\x00\x00\x00\x00\x00\x09\x00\x10" + b"x" * 16,
    ],
    ids=["not a version", "a length beyond the end", "a forged handshake", "forged data"],
)
def test_garbage_from_the_clients_address_ends_nothing(garbage: bytes) -> None:
    network = Network()
    call = network.call()
    call.peer.start(network.now)
    network.run(2.5 * DELAY_S)
    network.receive(garbage, call.address)
    network.run(1.0)
    assert call.transport.is_connected
    network.receive(garbage, call.address)
    send_both_ways(network, call)


def test_before_the_handshake_packets_are_dropped_both_ways() -> None:
    network = Network()
    call = network.call()
    call.peer.start(network.now)
    network.run(1.5 * DELAY_S)
    network.receive(rtp(1), call.address)
    call.transport.send_rtp(rtp(1))
    call.transport.send_rtcp(RTCP)
    assert network.drops == {DropReason.SRTP_NO_KEYS: 3}


def test_forged_repeated_and_overlong_packets_are_dropped() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    network.receive(rtp(1), call.address)
    assert network.dropped() == {DropReason.SRTP_WRONG_AUTHENTICATION}
    packets: list[bytes] = []
    call.peer.send = packets.append
    call.peer.send_rtp(rtp(7))
    network.receive(packets[0], call.address)
    network.receive(packets[0], call.address)
    assert network.dropped() == {DropReason.SRTP_REPLAYED}
    assert call.sink.rtp == [rtp(7)]
    call.transport.send_rtp(rtp(8, size=3000))
    assert network.dropped() == {DropReason.SRTP_TOO_LONG}
    call.transport.send_rtp(b"\x80\x60 is no packet")
    call.transport.send_rtcp(b"\x80")
    assert network.dropped() == {DropReason.SRTP_MALFORMED}


def test_a_lost_packet_may_be_sent_again_after_500_others() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    heard: list[bytes] = []
    call.peer.on_rtp = lambda data, now: heard.append(data)
    network.loss = 1.0
    for seq in range(500):
        call.transport.send_rtp(rtp(seq))
    network.loss = 0.0
    call.transport.send_rtp(rtp(3))
    network.run(0.1)
    assert heard == [rtp(3)]


def test_a_client_cannot_open_streams_without_end() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    for ssrc in range(1, 300):
        call.peer.send_rtp(rtp(1, ssrc=ssrc))
    network.run(0.1)
    assert len(call.sink.rtp) == 256
    assert network.dropped() == {DropReason.SRTP_TOO_MANY_SSRCS}
