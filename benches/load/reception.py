"""What a guest receives: packets by stream, and the report blocks that a browser would send of them.

It keeps no payload unless it is asked to record the mix, and decodes none. RFC 3550 section 6.4.
"""

from dataclasses import dataclass

from benches.load.onset import TimedPacket
from benches.load.packets import OPUS_PT
from mixer.rtp.reports import delay_units, middle_ntp
from mixer.wire.rtcp import ReportBlock, SenderReport
from mixer.wire.rtp import parse_rtp
from mixer.wire.sequence import SequenceExtender


@dataclass(slots=True)
class _Stream:
    packets: int
    latest: bytes
    seqs: SequenceExtender
    first_seq: int
    report: tuple[int, float] | None = None


class Reception:
    """Counters of one guest. `first_sound_at`: when the first packet of the mix came (monotonic seconds)."""

    def __init__(self) -> None:
        self.first_sound_at: float | None = None
        self.audio_packets = 0
        self.video_packets = 0
        self._streams: dict[bytes, _Stream] = {}
        self._recording: list[tuple[float, bytes]] | None = None

    def receive(self, data: bytes, now: float) -> None:
        """Count one decrypted RTP packet."""
        if data[1] & 0x7F == OPUS_PT:
            self.audio_packets += 1
            if self.first_sound_at is None:
                self.first_sound_at = now
            if self._recording is not None:
                self._recording.append((now, data))
        else:
            self.video_packets += 1
        stream = self._streams.get(data[8:12])
        if stream is None:
            seqs = SequenceExtender()
            stream = self._streams[data[8:12]] = _Stream(0, data, seqs, seqs.extend(_seq(data)))
        stream.packets += 1
        stream.latest = data

    def record(self) -> None:
        """Keep the packets of the mix from now on."""
        self._recording = []

    def recorded(self) -> list[TimedPacket]:
        """What was kept, in order; recording ends."""
        kept, self._recording = self._recording or [], None
        return [TimedPacket(at, parse_rtp(data).payload) for at, data in kept]

    def note_sender_report(self, report: SenderReport, now: float) -> None:
        """Remember it, for the server to measure the round trip by."""
        stream = self._streams.get(report.ssrc.to_bytes(4, "big"))
        if stream is not None:
            stream.report = (middle_ntp(report.ntp), now)

    def blocks(self, now: float) -> tuple[ReportBlock, ...]:
        """A report block for each stream; due once a second, or the sequence numbers could wrap unseen."""
        return tuple(_block(int.from_bytes(ssrc, "big"), stream, now) for ssrc, stream in self._streams.items())


def _block(ssrc: int, stream: _Stream, now: float) -> ReportBlock:
    highest = stream.seqs.extend(_seq(stream.latest))
    lost = highest - stream.first_seq + 1 - stream.packets
    echoed, delay = (stream.report[0], delay_units(now - stream.report[1])) if stream.report else (0, 0)
    return ReportBlock(ssrc, 0, lost, highest, 0, echoed, delay)


def _seq(data: bytes) -> int:
    return int.from_bytes(data[2:4], "big")
