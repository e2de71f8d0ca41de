"""Which track a packet of a bundled transport belongs to: by SSRC, then MID and RID, then payload type.

The extensions are gone after less than a second, so what they said is kept for the SSRC. It neither decrypts nor
decodes. RFC 8843 section 9.2, RFC 8852.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from mixer.base.drops import DropReason, Drops
from mixer.params import MediaLine, Purpose
from mixer.router.audio_up_track import AudioUpTrack
from mixer.router.layer import Layer
from mixer.router.video_up_track import RtxInput, VideoUpTrack
from mixer.rtp.arrivals import Arrivals
from mixer.rtp.rtcp_outbox import RtcpOutbox
from mixer.wire.errors import WireError
from mixer.wire.hdrext import read_text, read_transport_seq
from mixer.wire.rtcp import Nack, PictureLoss, ReportBlock, SenderReport
from mixer.wire.rtp import RtpPacket, parse_rtp

MAX_SSRCS = 32
"""Streams of one transport; a camera with three layers and their retransmissions takes six."""

UpTrack = AudioUpTrack | VideoUpTrack
_VIDEO = (Purpose.CAMERA, Purpose.SCREEN)


class Input(Protocol):
    """What takes the packets of one SSRC."""

    def receive(self, packet: RtpPacket, now: float) -> None:
        """Take one packet."""


class Router:
    """The receiving half of one endpoint. Feed it decrypted RTP, poll it every tick.

    `tracks` by mid; they keep their state over `configure` as long as their line keeps mid and purpose.
    """

    def __init__(self, outbox: RtcpOutbox, drops: Drops) -> None:
        self._outbox = outbox
        self._drops = drops
        self._tracks: dict[str, UpTrack] = {}
        self._inputs: dict[int, Input] = {}
        self._ssrcs: dict[tuple[str, str, bool], int] = {}
        self._arrivals = Arrivals()
        self._mid_id: int | None = None
        self._transport_id: int | None = None
        self._video_types: frozenset[int | None] = frozenset()

    @property
    def tracks(self) -> Mapping[str, UpTrack]:
        """The receiving m-lines by mid."""
        return self._tracks

    def configure(self, lines: Iterable[MediaLine]) -> None:
        """Replace the m-lines; those that do not receive are passed over."""
        wanted = {line.mid: line for line in lines if line.receives and line.purpose is not Purpose.SLOT}
        for mid, track in list(self._tracks.items()):
            if mid not in wanted or wanted[mid].purpose is not track.line.purpose:
                self._remove_track(mid)
        for mid, line in wanted.items():
            if mid in self._tracks:
                self._tracks[mid].line = line
            else:
                self._tracks[mid] = self._make_track(line)
        # Under BUNDLE an extension id means the same on every line (RFC 8843 section 9.1).
        self._mid_id = next((line.extensions.mid for line in wanted.values() if line.extensions.mid), None)
        transport_lines = (line for line in wanted.values() if line.has_transport_cc)
        self._transport_id = next((line.extensions.transport_cc for line in transport_lines), None)
        codecs = [line.codec for line in wanted.values() if line.purpose in _VIDEO]
        self._video_types = frozenset(t for codec in codecs for t in (codec.payload_type, codec.rtx_payload_type))

    def receive(self, data: bytes, now: float) -> None:
        """Take one decrypted RTP packet."""
        try:
            packet = parse_rtp(data)
        except WireError:
            self._drops[DropReason.RTP_MALFORMED] += 1
            return
        is_video = packet.payload_type in self._video_types
        if is_video or self._arrivals.is_active:
            transport_seq = read_transport_seq(packet, self._transport_id)
            if transport_seq is not None:
                self._arrivals.receive(transport_seq, packet.ssrc if is_video else None, now)
        taker = self._inputs.get(packet.ssrc) or self._latch(packet)
        if taker is not None:
            taker.receive(packet, now)

    def poll(self, now: float, rtt: float) -> None:
        """Send the feedback that is due: missing packets, key-frame requests, arrivals; `rtt` in seconds."""
        feedback = []
        for track in self._tracks.values():
            if isinstance(track, VideoUpTrack):
                for ssrc, seqs in track.poll(now, rtt):
                    feedback.append(Nack(self._outbox.ssrc, ssrc, tuple(seq & 0xFFFF for seq in seqs)))
        arrivals = self._arrivals.poll(self._outbox.ssrc, now)
        if feedback or arrivals:
            self._outbox.send_feedback([*feedback, arrivals] if arrivals else feedback)

    def report_blocks(self, now: float) -> list[ReportBlock]:
        """What the next receiver report says of all streams."""
        streams = (stream for track in self._tracks.values() for stream in track.streams())
        return [block for stream in streams if (block := stream.report(now))]

    def sender_reported(self, report: SenderReport, now: float) -> None:
        """A sender report of one of the streams has come."""
        for track in self._tracks.values():
            for stream in track.streams():
                if stream.ssrc == report.ssrc:
                    stream.sender_reported(report, now)

    def gone(self, ssrc: int) -> None:
        """A stream has said goodbye."""
        key = next((key for key, known in self._ssrcs.items() if known == ssrc), None)
        if key:
            self._forget(key)

    def _make_track(self, line: MediaLine) -> UpTrack:
        if line.purpose in _VIDEO:
            return VideoUpTrack(line, self._drops, self._send_key_frame_request)
        return AudioUpTrack(line, self._drops)

    def _send_key_frame_request(self, ssrc: int) -> None:
        self._outbox.send_feedback([PictureLoss(self._outbox.ssrc, ssrc)])

    def _latch(self, packet: RtpPacket) -> Input | None:
        """Decide once for an SSRC whose it is; None (and a counted drop) when nobody's."""
        track = self._track_of(packet)
        if track is None:
            self._drops[DropReason.RTP_UNKNOWN_STREAM] += 1
            return None
        codec = track.line.codec
        is_rtx = packet.payload_type == codec.rtx_payload_type
        if not is_rtx and packet.payload_type != codec.payload_type:
            self._drops[DropReason.RTP_PAYLOAD_TYPE] += 1
            return None
        rid = self._rid_of(packet, track.line, is_rtx)
        if rid is None:
            self._drops[DropReason.RTP_UNKNOWN_RID] += 1
            return None
        key = (track.line.mid, rid, is_rtx)
        self._forget(key)
        if len(self._inputs) >= MAX_SSRCS:
            self._drops[DropReason.RTP_TOO_MANY_SSRCS] += 1
            return None
        self._ssrcs[key] = packet.ssrc
        self._inputs[packet.ssrc] = taker = self._open(track, rid, packet.ssrc, is_rtx)
        return taker

    def _open(self, track: UpTrack, rid: str, ssrc: int, is_rtx: bool) -> Input:
        if isinstance(track, AudioUpTrack):
            track.open(ssrc)
            return track
        return RtxInput(track, rid) if is_rtx else track.open(rid, ssrc)

    def _track_of(self, packet: RtpPacket) -> UpTrack | None:
        for track in self._tracks.values():
            if any(packet.ssrc in pair for pair in track.line.remote_ssrcs):
                return track
        mid = read_text(packet, self._mid_id)
        if mid is not None:
            return self._tracks.get(mid)
        payload_type = packet.payload_type
        fitting = [
            track
            for track in self._tracks.values()
            if payload_type in (track.line.codec.payload_type, track.line.codec.rtx_payload_type)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _rid_of(self, packet: RtpPacket, line: MediaLine, is_rtx: bool) -> str | None:
        """The layer a packet is of: "" without simulcast, None when it does not say."""
        if not line.rids:
            return ""
        extensions = line.extensions
        rid = read_text(packet, extensions.repaired_rid if is_rtx else extensions.rid)
        return rid if rid in line.rids else None

    def _forget(self, key: tuple[str, str, bool]) -> None:
        ssrc = self._ssrcs.pop(key, None)
        if ssrc is None:
            return
        taker, track = self._inputs.pop(ssrc), self._tracks[key[0]]
        if isinstance(taker, Layer) and isinstance(track, VideoUpTrack):
            track.close(taker)

    def _remove_track(self, mid: str) -> None:
        for key in [key for key in self._ssrcs if key[0] == mid]:
            self._forget(key)
        del self._tracks[mid]
