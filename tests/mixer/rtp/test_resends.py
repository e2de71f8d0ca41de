"""What is asked for again, when, and when it is given up."""

from hypothesis import given
from hypothesis import strategies as st

from mixer.base.drops import DropReason
from mixer.rtp.history import CAPACITY, MAX_CREDIT, RESEND_REST_S, History
from mixer.rtp.keyframes import PATIENCE_S, KeyFrameThrottle
from mixer.rtp.nack import MAX_MISSING, MAX_TRIES, REORDER_S, NackGenerator
from mixer.rtp.rtx import unwrap_rtx, wrap_rtx
from mixer.wire.hdrext import build_extensions, read_text
from mixer.wire.rtp import build_rtp_header, parse_rtp


def test_a_gap_is_asked_for_after_a_little_patience_then_by_round_trip() -> None:
    nack = NackGenerator()
    nack.received(10, 0.0)
    nack.received(13, 0.0)
    assert nack.poll(REORDER_S / 2, 0.1) == []
    assert nack.poll(0.010, 0.1) == [11, 12]
    assert nack.poll(0.100, 0.1) == []
    nack.received(11, 0.105)
    assert nack.poll(0.111, 0.1) == [12]


def test_what_was_only_overtaken_is_never_asked_for() -> None:
    nack = NackGenerator()
    for seq in (10, 12, 11):
        nack.received(seq, 0.0)
    assert nack.poll(1.0, 0.1) == []


def test_it_gives_up_after_some_tries_and_says_so() -> None:
    nack = NackGenerator()
    nack.received(10, 0.0)
    nack.received(12, 0.0)
    asked = [nack.poll(0.02 * i, 0.0) for i in range(1, 40)]
    assert asked.count([11]) == MAX_TRIES
    assert nack.has_given_up


@given(st.lists(st.integers(1, 100_000), max_size=60))
def test_requests_are_bounded_whatever_arrives(steps: list[int]) -> None:
    nack = NackGenerator()
    seq = 0
    for i, step in enumerate(steps):
        seq += step
        nack.received(seq, i * 0.01)
        assert len(nack.poll(i * 0.01, 0.0)) <= MAX_MISSING


def test_history_gives_back_exactly_what_was_stored_last() -> None:
    history = History()
    for seq in range(65_000, 65_000 + 2 * CAPACITY):
        history.store(seq, b"head%d" % seq, b"tail")
    newest = 65_000 + 2 * CAPACITY - 1
    assert history.resend(newest & 0xFFFF, 1.0) == (b"head%d" % newest, b"tail")
    assert history.resend(newest - CAPACITY & 0xFFFF, 1.0) is DropReason.FORWARD_NOT_IN_HISTORY


def test_the_same_packet_is_not_resent_twice_at_once() -> None:
    history = History()
    history.store(5, b"a", b"b")
    assert history.resend(5, 1.0) == (b"a", b"b")
    assert history.resend(5, 1.0) is DropReason.FORWARD_RESENT_JUST_NOW
    assert history.resend(5, 1.0 + 2 * RESEND_REST_S) == (b"a", b"b")


def test_resends_never_exceed_what_was_sent() -> None:
    history = History()
    for seq in range(CAPACITY):
        history.store(seq, b"a", b"b")

    def resent(start: float) -> int:
        answers = [history.resend(seq, start + lap) for lap in range(3) for seq in range(CAPACITY)]
        return sum(isinstance(answer, tuple) for answer in answers)

    assert resent(1.0) == MAX_CREDIT
    assert resent(10.0) == 0
    for seq in range(CAPACITY, CAPACITY + 10):
        history.store(seq, b"a", b"b")
    assert resent(20.0) == 10


@given(st.integers(0, 65535), st.booleans(), st.booleans(), st.binary(max_size=30), st.binary(min_size=1, max_size=30))
def test_a_wrapped_packet_is_unwrapped_to_itself(
    seq: int, marker: bool, has_mid: bool, descriptor: bytes, tail: bytes
) -> None:
    extension = build_extensions([(3, b"s0")]) if has_mid else b""
    head = build_rtp_header(96, seq, 1234, 7, marker=marker, extension=extension) + descriptor
    packet = parse_rtp(wrap_rtx(head, tail, 97, 8, 70_000))
    assert (packet.payload_type, packet.ssrc, packet.seq) == (97, 8, 70_000 & 0xFFFF)
    unwrap_rtx(packet, 96, 7)
    assert (packet.payload_type, packet.ssrc, packet.seq, packet.timestamp, packet.marker) == (96, 7, seq, 1234, marker)
    assert packet.payload == descriptor + tail
    assert read_text(packet, 3) == ("s0" if has_mid else None)


def asked(throttle: KeyFrameThrottle, start: float, end: float) -> list[float]:
    times = [round(start + 0.01 * i, 2) for i in range(round((end - start) / 0.01))]
    return [now for now in times if throttle.poll(now) is not None]


def test_the_first_request_goes_at_once_and_again_every_100_ms_until_the_frame_comes() -> None:
    throttle = KeyFrameThrottle()
    assert throttle.request(7, 5.0) == 7
    assert asked(throttle, 5.01, 5.35) == [5.1, 5.2, 5.3]
    throttle.settle(7)
    assert asked(throttle, 5.35, 9.0) == []


def test_rounds_begin_at_most_once_a_second() -> None:
    throttle = KeyFrameThrottle()
    throttle.request(7, 5.0)
    throttle.settle(7)
    assert throttle.request(7, 5.2) is None
    assert asked(throttle, 5.2, 6.05) == [6.0]


def test_one_request_serves_all_layers_and_those_unserved_take_turns() -> None:
    throttle = KeyFrameThrottle()
    assert throttle.request(1, 5.0) == 1
    assert throttle.request(2, 5.0) is None
    assert [throttle.poll(5.1), throttle.poll(5.2)] == [1, 2]
    throttle.settle(2)
    assert throttle.poll(5.3) == 1
    throttle.settle(1)
    assert throttle.poll(7.0) is None


def test_an_encoder_that_never_answers_is_asked_less_and_less_often() -> None:
    throttle = KeyFrameThrottle()
    throttle.request(7, 5.0)
    later = asked(throttle, 5.0 + PATIENCE_S + 0.5, 15.0)
    assert len(later) <= 7
