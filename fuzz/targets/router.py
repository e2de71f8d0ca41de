"""Decrypted packets of a hostile guest (`mixer.router`, `mixer.rtp`): drops, never errors, and nothing that grows.

Each step of an input (`fuzz.pieces`) is an RTP or RTCP datagram; a viewer watches every picture that begins.
"""

from collections.abc import Iterator

from fuzz.pieces import cut, join
from fuzz.targets import rtcp, rtp
from mixer.forward.down_track import DownTrack
from mixer.params import MediaLine, Purpose
from mixer.router.router import MAX_SSRCS
from mixer.router.video_up_track import VideoUpTrack
from mixer.rtp.rtcp_inbox import RtcpInbox
from mixer.wire.hdrext import build_extensions
from mixer.wire.rtcp import Nack, PictureLoss, parse_rtcp
from mixer.wire.rtp import build_rtp_header, parse_rtp
from tests.mixer.router.test_router import AUDIO, CAMERA, EXTENSIONS, INTER, KEY, SCREEN, VP8, Desk

MAX_BYTES = 8192
VIDEO, RTCP, POLL = 1, 2, 4
SLOT = MediaLine("3", Purpose.SLOT, VP8, EXTENSIONS, receives=False, sends=True, ssrc=900, rtx_ssrc=901, has_nack=True)


class Room(Desk):
    """A desk whose pictures are also shown in a slot, and the RTCP of its guest."""

    def __init__(self) -> None:
        super().__init__(AUDIO, CAMERA, SCREEN)
        self.shown: list[bytes] = []
        self.slot = DownTrack(SLOT, self.shown.append, self.drops)
        self.inbox = RtcpInbox(self.router, self.drops)
        self.inbox.set_senders((), (self.slot,))

    def _watch(self, track: VideoUpTrack, now: float) -> None:
        super()._watch(track, now)
        for layer in track.layers.values():
            self.slot.show(layer, len(self.shown) % 8)


def target(data: bytes) -> None:
    """Whatever comes in, what goes out is well-formed."""
    room = Room()
    now = 1.0
    for seq, (what, payload) in enumerate(cut(data)):
        now += (what >> 3) / 100
        if what & RTCP:
            room.inbox.receive(payload, now)
        elif what & VIDEO:
            room.receive(
                96 + (what >> 3 & 1), 7, seq + (what >> 4), payload, now, mid=b"2", transport=b"\0" + payload[:1]
            )
        else:
            room.router.receive(payload, now)
        if what & POLL:
            room.router.poll(now, room.inbox.rtt)
            room.router.report_blocks(now)
    for sent in room.sent:
        assert parse_rtcp(sent)
    for shown in room.shown:
        assert parse_rtp(shown).ssrc in (SLOT.ssrc, SLOT.rtx_ssrc)
    streams = [stream for track in room.router.tracks.values() for stream in track.streams()]
    assert len(streams) <= MAX_SSRCS


def seeds() -> Iterator[bytes]:
    """A picture with a gap, sound, requests for what was shown, every kind of RTCP."""
    video = [(VIDEO | POLL, KEY), (VIDEO | 8, INTER), (VIDEO | 32, INTER), (VIDEO | POLL, KEY)]
    wanted = [PictureLoss(1, 900).pack(), Nack(1, 900, tuple(range(64))).pack()]
    yield join([*video, *((RTCP, request) for request in wanted)])
    yield join((0, packet) for packet in rtp.seeds())
    yield join((RTCP | POLL, compound) for compound in rtcp.seeds())
    sound = build_rtp_header(111, 1, 2, 5, extension=build_extensions([(1, b"0"), (5, b"\x10")])) + b"sound"
    layer = build_rtp_header(96, 1, 2, 9, extension=build_extensions([(1, b"1"), (2, b"h")])) + KEY
    yield join([(0, sound), (0, layer), (POLL | 8, sound)])
