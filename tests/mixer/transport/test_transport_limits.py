"""What one peer may do in a second, on invented time: a flood costs the one who sends it, and nobody else."""

from mixer.base.drops import DropReason
from mixer.base.rate_limit import RateLimit
from mixer.transport.ice_lite import CHECK_BURST, CHECKS_PER_S
from mixer.transport.webrtc import PACKET_BURST, PACKETS_PER_S, RTCP_BYTES_PER_S
from mixer.wire.stun import build_request
from tests.mixer.transport.network import DELAY_S, Call, Network

FLOOD_PER_S = 10_000


def rtp(seq: int) -> bytes:
    return b"\x80\x60" + (seq & 0xFFFF).to_bytes(2, "big") + bytes(4) + b"ssrc" + bytes(20)


def report(size: int = 8) -> bytes:
    return b"\x80\xc9" + (size // 4 - 1).to_bytes(2, "big") + bytes(size - 4)


def two_calls() -> tuple[Network, Call, Call]:
    network = Network()
    ann, bob = network.call("ann", ("192.0.2.1", 1)), network.call("bob", ("192.0.2.2", 2))
    network.connect(ann)
    network.connect(bob)
    return network, ann, bob


def test_a_limit_lets_a_burst_pass_and_then_its_rate() -> None:
    limit = RateLimit(10.0, 5.0)
    assert [limit.allows(100.0) for _ in range(6)] == [True] * 5 + [False]
    assert [limit.allows(100.125) for _ in range(2)] == [True, False]
    assert sum(limit.allows(200.0) for _ in range(20)) == 5
    assert not limit.allows(200.05, 1.0)
    assert not limit.allows(300.0, 6.0)
    assert limit.allows(300.0, 5.0)


def test_who_floods_is_cut_down_to_the_limit_and_the_other_is_heard() -> None:
    network, ann, bob = two_calls()
    for number in range(FLOOD_PER_S):
        ann.peer.send_rtp(rtp(number))
        if number % 200 == 0:
            bob.peer.send_rtp(rtp(number))
        network.run(1 / FLOOD_PER_S)
    network.run(2 * DELAY_S)
    assert PACKETS_PER_S <= len(ann.sink.rtp) <= PACKETS_PER_S + PACKET_BURST + 100
    assert len(bob.sink.rtp) == FLOOD_PER_S / 200
    assert network.drops == {DropReason.SRTP_TOO_MANY_PACKETS: FLOOD_PER_S - len(ann.sink.rtp)}
    network.run(1.0)
    ann.peer.send_rtp(rtp(FLOOD_PER_S))
    network.run(2 * DELAY_S)
    assert ann.sink.rtp[-1] == rtp(FLOOD_PER_S), "once it stops, it is heard again"


def test_packets_that_another_has_forged_use_up_nothing() -> None:
    network, ann, _ = two_calls()
    for number in range(FLOOD_PER_S):
        network.receive(rtp(number) + bytes(16), ann.address)
    network.dropped()
    ann.peer.send_rtp(rtp(1))
    network.run(2 * DELAY_S)
    assert ann.sink.rtp == [rtp(1)]
    assert network.dropped() == set()


def test_feedback_is_limited_in_bytes() -> None:
    network, ann, bob = two_calls()
    size = 1000
    for _ in range(3 * RTCP_BYTES_PER_S // size):
        ann.peer.send_rtcp(report(size))
    bob.peer.send_rtcp(report())
    network.run(2 * DELAY_S)
    assert len(ann.sink.rtcp) == RTCP_BYTES_PER_S // size
    assert len(bob.sink.rtcp) == 1
    assert network.dropped() == {DropReason.SRTP_TOO_MUCH_RTCP}


def test_checks_without_end_get_few_answers_and_the_call_goes_on() -> None:
    network, ann, bob = two_calls()
    params = ann.peer.params
    username, answered = f"{params.remote_ufrag}:{params.local_ufrag}", 0
    for number in range(5_000):
        request = build_request(
            number.to_bytes(12, "big"), username, params.remote_pwd, 100, controlling=1, is_nominating=True
        )
        answered += len(network.receive(request, ann.address))
        network.run(1 / 5_000)
    assert answered <= CHECKS_PER_S + CHECK_BURST
    assert network.dropped() == {DropReason.STUN_TOO_MANY}
    for call in (ann, bob):
        call.peer.send_rtp(rtp(1))
    network.run(2 * DELAY_S)
    assert (ann.sink.rtp, bob.sink.rtp) == ([rtp(1)], [rtp(1)])
