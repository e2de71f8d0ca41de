"""One port for all: datagrams find their transport, strangers find nobody."""

import itertools

import pytest

from mixer.base.drops import DropReason
from mixer.transport.close_reason import CloseReason
from mixer.wire.stun import Address, build_request
from tests.mixer.transport.network import Call, Network

STRANGER: Address = ("203.0.113.9", 666)

serial = itertools.count()


def rtp(seq: int) -> bytes:
    return b"\x80\x60" + seq.to_bytes(2, "big") + bytes(4) + b"ssrc" + bytes(20)


def check(call: Call, *, username: str = "", password: str = "") -> bytes:
    params = call.peer.params
    return build_request(
        next(serial).to_bytes(12, "big"),
        username or f"{params.remote_ufrag}:{params.local_ufrag}",
        password or params.remote_pwd,
        100,
        controlling=1,
        is_nominating=True,
    )


def unsigned(call: Call) -> bytes:
    """A check without its two last attributes, MESSAGE-INTEGRITY and FINGERPRINT."""
    message = check(call)[:-32]
    return message[:2] + (len(message) - 20).to_bytes(2, "big") + message[4:]


def test_two_clients_behind_one_address_are_told_apart_by_port() -> None:
    network = Network()
    ann, bob = network.call("ann", ("192.0.2.1", 1)), network.call("bob", ("192.0.2.1", 2))
    network.connect(ann)
    network.connect(bob)
    ann.peer.send_rtp(rtp(1))
    bob.peer.send_rtp(rtp(2))
    network.run(0.1)
    assert (ann.sink.rtp, bob.sink.rtp) == ([rtp(1)], [rtp(2)])


def test_ipv6_and_ipv4_clients_share_the_mux() -> None:
    network = Network()
    network.connect(network.call("ann", ("192.0.2.1", 1)))
    network.connect(network.call("bob", ("2001:db8::1", 1, 0, 0)))


def test_a_strangers_check_gets_nothing() -> None:
    network = Network()
    call = network.call()
    assert network.receive(unsigned(call), STRANGER) == []
    assert network.dropped() == {DropReason.STUN_NO_INTEGRITY}
    assert network.receive(check(call, password="guessed"), STRANGER) == []
    assert network.dropped() == {DropReason.STUN_WRONG_INTEGRITY}
    assert network.receive(check(call, username="nobody:ann"), STRANGER) == []
    assert network.dropped() == {DropReason.STUN_UNKNOWN_USERNAME}
    assert network.receive(bytes.fromhex("000100002112a442") + bytes(12), STRANGER) == []
    assert network.dropped() == {DropReason.STUN_NO_USERNAME}
    assert network.receive(bytes(30), STRANGER) == []
    assert network.dropped() == {DropReason.STUN_MALFORMED}
    assert network.receive(rtp(1), STRANGER) == []
    assert network.dropped() == {DropReason.SOCKET_UNKNOWN_ADDRESS}, "none of these made the address known"


@pytest.mark.parametrize(
    "data", [rtp(1), b"\x16\xfe\xfd" + bytes(50), b"\x50" * 40], ids=["RTP", "DTLS", "TURN channel"]
)
def test_media_from_an_unknown_address_gets_nothing(data: bytes) -> None:
    network = Network()
    network.connect(network.call())
    assert network.receive(data, STRANGER) == []
    assert network.dropped() == {DropReason.SOCKET_UNKNOWN_ADDRESS}


def test_what_no_protocol_of_ours_is_gets_nothing() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    assert network.receive(b"\x50" * 40, call.address) == []
    assert network.receive(b"\x80", call.address) == []
    assert network.receive(b"", call.address) == []
    assert network.drops == {DropReason.SOCKET_UNKNOWN_PROTOCOL: 1, DropReason.SOCKET_TOO_SHORT: 2}


def test_a_client_keeps_its_call_when_its_address_changes() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    network.move(call.peer, ("198.51.100.7", 9))
    call.peer.send_rtp(rtp(1))
    network.run(0.1)
    assert network.dropped() == {DropReason.SOCKET_UNKNOWN_ADDRESS}, "nothing is believed before a check"
    network.run(10.0)
    heard: list[bytes] = []
    call.peer.on_rtp = lambda data, now: heard.append(data)
    call.peer.send_rtp(rtp(2))
    call.transport.send_rtp(rtp(3))
    network.run(0.1)
    assert call.sink.rtp == [rtp(2)]
    assert heard == [rtp(3)]


def test_an_address_goes_to_the_transport_that_proved_it_last() -> None:
    network = Network()
    ann, bob = network.call("ann", ("192.0.2.1", 1)), network.call("bob", ("192.0.2.2", 2))
    network.connect(ann)
    network.connect(bob)
    ann.peer.vanish()
    network.move(bob.peer, ann.address)
    network.run(10.0)
    bob.peer.send_rtp(rtp(1))
    network.run(0.1)
    assert bob.sink.rtp == [rtp(1)]
    assert set(ann.transport.addresses) == set()
    network.dropped()
    ann.transport.send_rtp(rtp(1))
    assert network.dropped() == {DropReason.SRTP_NO_PATH}


def test_a_guest_who_forges_anothers_address_takes_nothing_away() -> None:
    network = Network()
    ann, bob = network.call("ann", ("192.0.2.1", 1)), network.call("bob", ("192.0.2.2", 2))
    network.connect(ann)
    network.connect(bob)
    heard: list[bytes] = []
    ann.peer.on_rtp = lambda data, now: heard.append(data)
    sent = [rtp(seq) for seq in range(20)]
    for packet in sent:
        assert network.receive(check(bob), ann.address) == []
        ann.peer.send_rtp(packet)
        ann.transport.send_rtp(packet)
        network.run(1.0)
    assert ann.sink.rtp == heard == sent
    assert network.drops[DropReason.STUN_ADDRESS_IN_USE] == 20


def test_addresses_given_up_are_unknown_again() -> None:
    network = Network()
    call = network.call()
    for port in range(1, 30):
        assert network.receive(check(call), ("192.0.2.1", port)) != []
    network.dropped()
    for port in range(1, 30):
        network.receive(rtp(1), ("192.0.2.1", port))
    assert network.drops == {DropReason.SOCKET_UNKNOWN_ADDRESS: 13, DropReason.SRTP_NO_KEYS: 16}


def test_a_removed_transport_is_a_stranger() -> None:
    network = Network()
    call = network.call()
    network.connect(call)
    network.mux.remove(call.transport)
    network.mux.remove(call.transport)
    assert network.receive(check(call), call.address) == []
    assert network.receive(rtp(1), call.address) == []
    assert network.dropped() == {DropReason.STUN_UNKNOWN_USERNAME, DropReason.SOCKET_UNKNOWN_ADDRESS}


def test_a_ufrag_is_taken_once() -> None:
    network = Network()
    network.call("ann")
    with pytest.raises(ValueError, match="server-ann"):
        network.call("ann")


def test_nothing_to_do_means_no_deadline() -> None:
    network = Network()
    assert network.mux.next_deadline() is None
    call = network.call()
    assert network.mux.next_deadline() is not None
    call.transport.close(CloseReason.LOCAL, network.now)
    network.mux.remove(call.transport)
    network.mux.handle_timers(network.now)
    assert network.mux.next_deadline() is None
