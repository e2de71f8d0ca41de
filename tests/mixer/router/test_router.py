"""Which stream a packet belongs to, by SSRC, MID and RID or payload type; what belongs nowhere is dropped by name."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.base.drops import DropReason, Drops
from mixer.params import Codec, HeaderExtensions, MediaLine, Purpose
from mixer.router.audio_up_track import AudioUpTrack
from mixer.router.layer import VideoPacket
from mixer.router.router import MAX_SSRCS, Router
from mixer.router.video_up_track import PACKETS_PER_S, VideoUpTrack
from mixer.rtp.rtcp_outbox import RtcpOutbox
from mixer.wire.hdrext import build_extensions
from mixer.wire.rtcp import Nack, PictureLoss, SenderReport, TransportFeedbackBody, parse_rtcp
from mixer.wire.rtp import build_rtp_header

OPUS = Codec("opus", 111, 48_000, 2)
VP8 = Codec("vp8", 96, 90_000, rtx_payload_type=97)
EXTENSIONS = HeaderExtensions(mid=1, rid=2, repaired_rid=3, transport_cc=4, audio_level=5)
KEY = b"\x90\x80\x80\x01\x10picture"
INTER = b"\x90\x80\x80\x02\x11picture"


def line(mid: str, purpose: Purpose, **changes: Any) -> MediaLine:
    codec = VP8 if purpose in (Purpose.CAMERA, Purpose.SCREEN) else OPUS
    made = MediaLine(mid, purpose, codec, EXTENSIONS, True, False, has_nack=codec is VP8, has_transport_cc=True)
    return replace(made, **changes)


AUDIO = line("0", Purpose.AUDIO)
CAMERA = line("1", Purpose.CAMERA, rids=("q", "h", "f"))
SCREEN = line("2", Purpose.SCREEN)


class Desk:
    """A router with everything that comes out of it."""

    def __init__(self, *lines: MediaLine) -> None:
        self.drops: Drops = Counter()
        self.sent: list[bytes] = []
        self.sounds: list[tuple[int, int, bytes, int | None, float]] = []
        self.pictures: list[VideoPacket] = []
        self.router = Router(RtcpOutbox(1, "us", self.sent.append), self.drops)
        self.configure(*lines)

    def configure(self, *lines: MediaLine) -> None:
        self.router.configure(lines)
        for track in self.router.tracks.values():
            if isinstance(track, AudioUpTrack):
                track.sink = lambda *heard: self.sounds.append(heard)
            else:
                track.on_layer_started = self._watch

    def forward(self, packet: VideoPacket) -> None:
        self.pictures.append(packet)

    def _watch(self, track: VideoUpTrack, now: float) -> None:
        for layer in track.layers.values():
            layer.watch(self)

    def video(self, mid: str) -> VideoUpTrack:
        track = self.router.tracks[mid]
        assert isinstance(track, VideoUpTrack)
        return track

    def receive(
        self, payload_type: int, ssrc: int, seq: int, payload: bytes, now: float = 1.0, timestamp: int = 0, **ids: bytes
    ) -> None:
        numbers = {"mid": 1, "rid": 2, "repaired_rid": 3, "transport": 4, "level": 5}
        extension = build_extensions((numbers[name], value) for name, value in ids.items())
        self.router.receive(build_rtp_header(payload_type, seq, timestamp, ssrc, extension=extension) + payload, now)

    def feedback(self) -> list[object]:
        packets = [packet for data in self.sent for packet in parse_rtcp(data)]
        self.sent.clear()
        return [packet for packet in packets if isinstance(packet, Nack | PictureLoss | TransportFeedbackBody)]


def test_sound_comes_with_extended_numbers_and_its_level() -> None:
    desk = Desk(AUDIO)
    desk.receive(111, 7, 65535, b"a", timestamp=0xFFFFFFFF, level=b"\x9e")
    desk.receive(111, 7, 0, b"b", timestamp=959)
    assert desk.sounds == [(65535, 0xFFFFFFFF, b"a", 30, 1.0), (65536, 0xFFFFFFFF + 960, b"b", None, 1.0)]


def test_mid_and_rid_are_kept_for_the_ssrc_when_they_are_gone() -> None:
    desk = Desk(AUDIO, CAMERA, SCREEN)
    desk.receive(96, 7, 1, KEY, mid=b"1", rid=b"h")
    desk.receive(96, 8, 1, KEY, mid=b"2")
    desk.receive(96, 7, 2, INTER)
    desk.receive(96, 8, 2, INTER)
    assert [(packet.layer.track.line.mid, packet.layer.rid) for packet in desk.pictures] == [
        ("1", "h"), ("2", ""), ("1", "h"), ("2", ""),
    ]  # fmt: skip


def test_payload_types_decide_where_nothing_else_is_said() -> None:
    desk = Desk(replace(AUDIO, codec=replace(OPUS, payload_type=63)), line("1", Purpose.CAMERA))
    desk.receive(63, 7, 1, b"sound")
    desk.receive(96, 8, 1, KEY)
    assert len(desk.sounds) == 1
    assert len(desk.pictures) == 1


@pytest.mark.parametrize(
    ("payload_type", "ids", "reason"),
    [
        (96, {}, DropReason.RTP_UNKNOWN_STREAM),
        (100, {}, DropReason.RTP_UNKNOWN_STREAM),
        (96, {"mid": b"9"}, DropReason.RTP_UNKNOWN_STREAM),
        (96, {"mid": b"1"}, DropReason.RTP_UNKNOWN_RID),
        (96, {"mid": b"1", "rid": b"x"}, DropReason.RTP_UNKNOWN_RID),
        (97, {"mid": b"1", "rid": b"f"}, DropReason.RTP_UNKNOWN_RID),
        (100, {"mid": b"1", "rid": b"f"}, DropReason.RTP_PAYLOAD_TYPE),
    ],
)
def test_what_belongs_nowhere_is_dropped_by_name(payload_type: int, ids: dict[str, bytes], reason: DropReason) -> None:
    desk = Desk(AUDIO, CAMERA, SCREEN)
    desk.receive(payload_type, 7, 1, KEY, **ids)
    assert desk.drops == {reason: 1}


def test_announced_ssrcs_need_no_extension() -> None:
    desk = Desk(AUDIO, line("1", Purpose.CAMERA, remote_ssrcs=((7, 17),)), line("2", Purpose.SCREEN))
    desk.receive(96, 7, 1, KEY)
    desk.receive(97, 17, 1, b"\x00\x02" + INTER)
    assert [packet.seq for packet in desk.pictures] == [1, 2]


def test_probes_of_a_layer_that_never_starts_are_no_picture() -> None:
    desk = Desk(CAMERA)
    desk.receive(97, 17, 1, b"", mid=b"1", repaired_rid=b"f")
    desk.receive(97, 17, 2, b"\x00\x05" + KEY)
    assert desk.drops == {DropReason.RTP_PADDING: 1, DropReason.RTP_RTX_BEFORE_MEDIA: 1}
    desk.receive(96, 7, 6, KEY, mid=b"1", rid=b"f")
    desk.receive(97, 17, 3, b"\x00\x07" + INTER)
    assert [packet.seq for packet in desk.pictures] == [6, 7]


def test_a_resend_of_what_has_come_after_all_is_a_duplicate() -> None:
    desk = Desk(line("1", Purpose.CAMERA))
    desk.receive(96, 7, 5, KEY)
    desk.receive(97, 17, 1, b"\x00\x05" + KEY)
    assert desk.drops == {DropReason.RTP_DUPLICATE: 1}


def test_padding_on_the_media_ssrc_is_handed_on_as_such() -> None:
    desk = Desk(line("1", Purpose.CAMERA))
    desk.receive(96, 7, 5, KEY)
    desk.receive(96, 7, 6, b"")
    assert [packet.descriptor is None for packet in desk.pictures] == [False, True]


def test_streams_of_one_transport_are_capped() -> None:
    desk = Desk(*(line(f"m{i}", Purpose.SCREEN) for i in range(MAX_SSRCS + 8)))
    for i in range(MAX_SSRCS + 8):
        desk.receive(96, 100 + i, 1, KEY, mid=f"m{i}".encode())
    assert len(desk.pictures) == MAX_SSRCS
    assert desk.drops == {DropReason.RTP_TOO_MANY_SSRCS: 8}


def test_a_flood_on_one_picture_is_cut_down_whatever_ssrcs_it_uses() -> None:
    desk = Desk(line("1", Purpose.CAMERA), SCREEN)
    for seq in range(2 * PACKETS_PER_S):
        desk.receive(96, 7 + seq // 400, seq, INTER, mid=b"1")
        desk.receive(97, 3, seq, b"\x40\x00" + INTER, mid=b"1")
    assert len(desk.pictures) <= PACKETS_PER_S
    assert desk.drops[DropReason.RTP_TOO_MANY_PACKETS] == 3 * PACKETS_PER_S
    desk.receive(96, 9, 1, KEY, mid=b"2")
    assert desk.pictures[-1].layer.track.line.mid == "2", "the screen has a limit of its own"


def test_a_new_ssrc_replaces_the_old_one_of_its_layer() -> None:
    desk = Desk(CAMERA)
    for ssrc in range(7, 7 + 2 * MAX_SSRCS):
        desk.receive(96, ssrc, 1, KEY, mid=b"1", rid=b"f")
    assert len(desk.pictures) == 2 * MAX_SSRCS
    assert list(desk.video("1").layers) == ["f"]


def test_unchanged_lines_go_on_over_a_new_offer() -> None:
    desk = Desk(AUDIO, line("1", Purpose.CAMERA))
    desk.receive(96, 7, 1, KEY)
    before = dict(desk.router.tracks)
    desk.configure(AUDIO, line("1", Purpose.CAMERA), SCREEN)
    assert {mid: desk.router.tracks[mid] for mid in before} == before
    desk.receive(96, 7, 2, INTER)
    assert [packet.seq for packet in desk.pictures] == [1, 2]
    desk.configure(AUDIO, line("1", Purpose.SCREEN))
    assert desk.router.tracks["1"] is not before["1"], "another purpose is another track"
    assert set(desk.router.tracks) == {"0", "1"}


def test_lines_that_only_send_are_no_tracks() -> None:
    desk = Desk(AUDIO, replace(SCREEN, receives=False), line("9", Purpose.SLOT))
    assert set(desk.router.tracks) == {"0"}


def test_who_says_goodbye_is_forgotten() -> None:
    desk = Desk(CAMERA)
    desk.receive(96, 7, 1, KEY, mid=b"1", rid=b"f")
    desk.router.gone(7)
    desk.router.gone(7)
    assert desk.video("1").layers == {}
    desk.receive(96, 7, 2, KEY)
    assert desk.drops == {DropReason.RTP_UNKNOWN_RID: 1}


def test_missing_packets_are_asked_for_and_arrivals_told() -> None:
    desk = Desk(line("1", Purpose.CAMERA))
    desk.receive(96, 7, 65535, KEY, now=1.0, transport=b"\x00\x01")
    desk.receive(96, 7, 2, INTER, now=1.0, transport=b"\x00\x04")
    desk.router.poll(1.05, 0.1)
    nack, arrivals = desk.feedback()
    assert nack == Nack(1, 7, (0, 1))
    assert isinstance(arrivals, TransportFeedbackBody)
    assert arrivals.media_ssrc == 7


def test_key_frames_are_asked_for_at_once_and_when_an_outage_cannot_be_mended() -> None:
    desk = Desk(line("1", Purpose.CAMERA))
    desk.receive(96, 7, 1, KEY)
    track = desk.video("1")
    track.request_key_frame(track.layers[""], 1.0)
    assert desk.feedback() == [PictureLoss(1, 7)]
    desk.receive(96, 7, 2, KEY)
    desk.receive(96, 7, 1000, INTER, now=3.0)
    desk.router.poll(3.0, 0.1)
    assert PictureLoss(1, 7) in desk.feedback()


def test_reports_cover_every_stream() -> None:
    desk = Desk(AUDIO, CAMERA)
    desk.receive(111, 5, 1, b"sound")
    desk.receive(96, 7, 1, KEY, mid=b"1", rid=b"q")
    desk.receive(96, 8, 1, KEY, mid=b"1", rid=b"f")
    desk.router.sender_reported(SenderReport(8, 1 << 32, 0, 0, 0), 1.0)
    blocks = desk.router.report_blocks(1.5)
    assert {block.ssrc: block.delay for block in blocks} == {5: 0, 7: 0, 8: 32768}


def test_sound_that_nobody_mixes_and_formats_not_agreed_on_are_dropped() -> None:
    desk = Desk(AUDIO)
    desk.receive(111, 5, 1, b"sound")
    desk.receive(13, 5, 2, b"comfort noise")
    desk.receive(111, 5, 3, b"")
    track = desk.router.tracks["0"]
    assert isinstance(track, AudioUpTrack)
    track.sink = None
    desk.receive(111, 5, 4, b"sound")
    assert desk.drops == {
        DropReason.RTP_PAYLOAD_TYPE: 1, DropReason.RTP_PADDING: 1, DropReason.RTP_NOT_LISTENED: 1,
    }  # fmt: skip


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=20), st.sampled_from([96, 97, 111]))
def test_no_datagram_breaks_it(datagrams: list[bytes], payload_type: int) -> None:
    desk = Desk(AUDIO, CAMERA, SCREEN)
    for seq, datagram in enumerate(datagrams):
        desk.router.receive(datagram, 1.0)
        desk.receive(payload_type, 7, seq, datagram, mid=b"2")
        desk.receive(payload_type, datagram[0], seq, datagram, mid=b"1", rid=b"f", repaired_rid=b"f")
    desk.router.poll(2.0, 0.1)
