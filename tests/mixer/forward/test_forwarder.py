"""The forwarder's decisions as a table, and what must hold over any sequence of them."""

from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.base.drops import DropReason
from mixer.forward.forwarder import MAX_GAP, Forwarder, Rewrite
from mixer.params import Codec, HeaderExtensions, MediaLine, Purpose
from mixer.router.layer import Layer, VideoPacket
from mixer.router.video_up_track import VideoUpTrack
from mixer.rtp.reports import ntp_time
from mixer.wire.rtcp import SenderReport
from mixer.wire.vp8 import parse_vp8

CAMERA = MediaLine("1", Purpose.CAMERA, Codec("vp8", 96, 90_000), HeaderExtensions(), True, False)
KEY = parse_vp8(b"\x90\xc0\x81\x00\x07\x10", 0, 6)
INTER = parse_vp8(b"\x90\xc0\x81\x00\x07\x11", 0, 6)


def make_layer(track: VideoUpTrack | None = None) -> Layer:
    return Layer(track or VideoUpTrack(CAMERA, Counter(), lambda ssrc: None), "", 7)


def packet(
    layer: Layer, seq: int, *, key: bool = False, padding: bool = False, now: float = 1.0, timestamp: int | None = None
) -> VideoPacket:
    made = VideoPacket()
    made.layer = layer
    made.seq = seq
    made.timestamp = seq * 3000 if timestamp is None else timestamp
    made.marker = True
    made.now = now
    made.descriptor = None if padding else KEY if key else INTER
    made.is_key_frame = key and not padding
    made.picture_id = made.tl0picidx = seq
    made.tail = b""
    return made


def sending(layer: Layer, generation: int = 3) -> Forwarder:
    """A forwarder that has sent the layer's packets 1000 and 1001."""
    forwarder = Forwarder(500, 8_000)
    forwarder.aim(layer, generation)
    forwarder.decide(packet(layer, 1000, key=True))
    forwarder.decide(packet(layer, 1001))
    return forwarder


WAITING, NOT_CURRENT = DropReason.FORWARD_WAITING_KEY_FRAME, DropReason.FORWARD_NOT_CURRENT
FORWARD, SWITCH = "forward", "switch"
TABLE = {
    ("nothing", "nothing"): {"a": (NOT_CURRENT, NOT_CURRENT), "b": (NOT_CURRENT, NOT_CURRENT)},
    ("nothing", "b"): {"a": (NOT_CURRENT, NOT_CURRENT), "b": (SWITCH, WAITING)},
    ("a", "nothing"): {"a": (FORWARD, FORWARD), "b": (NOT_CURRENT, NOT_CURRENT)},
    ("a", "b"): {"a": (FORWARD, FORWARD), "b": (SWITCH, WAITING)},
    ("a", "a"): {"a": (SWITCH, FORWARD), "b": (NOT_CURRENT, NOT_CURRENT)},
}
"""By what is carried and what is awaited ("a" twice: the same layer under a new generation): what becomes of a key
frame and of another packet of layer a, and of layer b."""


@pytest.mark.parametrize(
    ("carried", "awaited", "arriving", "is_key"),
    [(*state, arriving, is_key) for state, arriving, is_key in product(TABLE, ("a", "b"), (True, False))],
)
def test_the_decision_table(carried: str, awaited: str, arriving: str, is_key: bool) -> None:
    layers = {"a": make_layer(), "b": make_layer()}
    forwarder = sending(layers["a"]) if carried == "a" else Forwarder(500, 8_000)
    if awaited != "nothing":
        forwarder.aim(layers[awaited], 4)
    decision = forwarder.decide(packet(layers[arriving], 1002, key=is_key, now=1.1))
    expected = TABLE[carried, awaited][arriving][0 if is_key else 1]
    if isinstance(expected, DropReason):
        assert decision is expected
    else:
        assert isinstance(decision, Rewrite)
        assert decision.is_switch == (expected == SWITCH)
        assert decision.timestamp & 7 == (4 if expected == SWITCH else 3)


@pytest.mark.parametrize(
    ("seq", "padding", "expected"),
    [
        (1002, False, 502),
        (1004, False, 504),
        (1002, True, DropReason.FORWARD_PADDING),
        (1004, True, 504),
        (999, False, DropReason.FORWARD_BEFORE_SWITCH),
        (999, True, DropReason.FORWARD_BEFORE_SWITCH),
        (1001 + MAX_GAP, False, 501 + MAX_GAP),
        (1002 + MAX_GAP, False, DropReason.FORWARD_SOURCE_JUMPED),
    ],
)
def test_the_place_of_a_packet_in_its_stream_decides(seq: int, padding: bool, expected: int | DropReason) -> None:
    layer = make_layer()
    decision = sending(layer).decide(packet(layer, seq, padding=padding))
    assert (decision.seq if isinstance(decision, Rewrite) else decision) == expected


def test_padding_leaves_no_hole_and_stragglers_keep_their_place() -> None:
    layer = make_layer()
    forwarder = sending(layer)
    arriving = [packet(layer, 1002, padding=True), packet(layer, 1003, padding=True), packet(layer, 1005)]
    late = [packet(layer, 1004), packet(layer, 1007), packet(layer, 1006, padding=True)]
    decisions = [forwarder.decide(each) for each in arriving + late]
    assert [d.seq if isinstance(d, Rewrite) else d for d in decisions] == [
        DropReason.FORWARD_PADDING, DropReason.FORWARD_PADDING, 503, 502, 505, 504,
    ]  # fmt: skip


def test_after_a_leap_it_waits_for_a_key_frame_and_goes_on_without_a_hole() -> None:
    layer = make_layer()
    forwarder = sending(layer)
    assert forwarder.decide(packet(layer, 70_000)) is DropReason.FORWARD_SOURCE_JUMPED
    assert forwarder.decide(packet(layer, 70_001)) is WAITING
    decision = forwarder.decide(packet(layer, 70_002, key=True))
    assert isinstance(decision, Rewrite)
    assert decision.seq == 502
    assert decision.timestamp & 7 == 3


def test_what_stopped_sends_nothing_not_even_stragglers() -> None:
    layer = make_layer()
    forwarder = sending(layer)
    forwarder.stop()
    assert forwarder.decide(packet(layer, 1002, key=True)) is NOT_CURRENT


def test_timestamps_go_on_by_the_time_that_passed() -> None:
    old, new = make_layer(), make_layer()
    forwarder = sending(old)
    last = forwarder.decide(packet(old, 1002, now=2.0))
    forwarder.aim(new, 4)
    first = forwarder.decide(packet(new, 5, key=True, now=2.5, timestamp=99))
    assert isinstance(last, Rewrite)
    assert isinstance(first, Rewrite)
    assert (first.timestamp & ~7) - (last.timestamp & ~7) == pytest.approx(45_000, abs=8)
    assert (first.seq, first.picture_id, first.tl0picidx) == (last.seq + 1, last.picture_id + 1, last.tl0picidx + 1)


def test_layers_of_one_publisher_are_aligned_by_its_own_clock() -> None:
    track = make_layer().track
    half, full = make_layer(track), make_layer(track)
    half.stream.sender_reported(SenderReport(7, ntp_time(50.0), 1000 * 3000, 0, 0), 0.5)
    full.stream.sender_reported(SenderReport(8, ntp_time(51.0), 777, 0, 0), 0.5)
    forwarder = sending(half)
    last = forwarder.decide(packet(half, 1002, now=1.0))
    forwarder.aim(full, 3)
    # Captured 1 s + 0.1 s after packet 1000, hence 0.033 s after packet 1002 + 1 s; it arrives 0.2 s later than that.
    first = forwarder.decide(packet(full, 5, key=True, now=2.3, timestamp=777 + 9000))
    assert isinstance(last, Rewrite)
    assert isinstance(first, Rewrite)
    assert (first.timestamp & ~7) - (last.timestamp & ~7) == pytest.approx(93_000, abs=8)


def test_reports_that_contradict_the_arrivals_are_not_believed() -> None:
    track = make_layer().track
    half, full = make_layer(track), make_layer(track)
    half.stream.sender_reported(SenderReport(7, ntp_time(50.0), 0, 0, 0), 0.5)
    full.stream.sender_reported(SenderReport(8, ntp_time(5000.0), 0, 0, 0), 0.5)
    forwarder = sending(half)
    last = forwarder.decide(packet(half, 1002, now=1.0))
    forwarder.aim(full, 3)
    first = forwarder.decide(packet(full, 5, key=True, now=1.1, timestamp=0))
    assert isinstance(last, Rewrite)
    assert isinstance(first, Rewrite)
    assert first.timestamp - last.timestamp == pytest.approx(9000, abs=8)


arrivals = st.tuples(st.integers(0, 2), st.integers(1, 4), st.booleans(), st.booleans(), st.floats(0, 0.2))


@given(st.lists(st.tuples(arrivals, st.one_of(st.none(), st.integers(0, 2))), max_size=150))
def test_whatever_arrives_in_order_the_viewer_sees_one_continuous_stream(
    steps: list[tuple[tuple[int, int, bool, bool, float], int | None]],
) -> None:
    layers = [make_layer() for _ in range(3)]
    seqs = [100, 20_000, 40_000]
    forwarder = Forwarder(500, 8_000)
    now, generation, sent = 1.0, 0, []
    for (index, _, key, padding, step), aim in steps:
        now += step
        if aim is not None:
            generation += 1
            forwarder.aim(layers[aim], generation & 7)
        seqs[index] += 1
        decision = forwarder.decide(packet(layers[index], seqs[index], key=key, padding=padding, now=now))
        if isinstance(decision, Rewrite):
            sent.append(decision)
            assert forwarder.current is layers[index]
    assert [each.seq for each in sent] == list(range(500, 500 + len(sent)))
    for before, after in pairwise(sent):
        assert after.timestamp & ~7 > before.timestamp & ~7
        assert after.picture_id > before.picture_id
        if after.is_switch:
            assert after.picture_id == before.picture_id + 1
            assert after.tl0picidx == before.tl0picidx + 1
