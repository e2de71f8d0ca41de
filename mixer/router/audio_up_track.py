"""The sound that one m-line brings: one stream at a time, handed on undecoded.

It neither buffers nor decodes. RFC 3550, RFC 6464.
"""

from collections.abc import Callable

from mixer.base.drops import DropReason, Drops
from mixer.params import MediaLine
from mixer.rtp.recv_stream import RecvStream
from mixer.wire.hdrext import read_level
from mixer.wire.rtp import RtpPacket

AudioSink = Callable[[int, int, bytes, int | None, float], None]
"""Extended sequence number, extended timestamp, payload, level (0..127, -dBov) or None, now."""


class AudioUpTrack:
    """Give it a `sink`; without one its packets are counted and dropped."""

    def __init__(self, line: MediaLine, drops: Drops) -> None:
        self.line = line
        self.sink: AudioSink | None = None
        self.stream: RecvStream | None = None
        self._drops = drops

    def open(self, ssrc: int) -> None:
        """Receive from now on the stream with that SSRC, and no other."""
        self.stream = RecvStream(ssrc, self.line.codec.clock_rate, self._drops)

    def streams(self) -> tuple[RecvStream, ...]:
        """What receiver reports tell of."""
        return (self.stream,) if self.stream else ()

    def receive(self, packet: RtpPacket, now: float) -> None:
        """Take a packet of the stream that is open."""
        stream = self.stream
        if stream is None or packet.ssrc != stream.ssrc:
            self._drops[DropReason.RTP_UNKNOWN_STREAM] += 1
            return
        seq = stream.receive(packet, now)
        if seq is None:
            return
        line = self.line
        if packet.payload_type != line.codec.payload_type:
            self._drops[DropReason.RTP_PAYLOAD_TYPE] += 1
        elif packet.is_padding:
            self._drops[DropReason.RTP_PADDING] += 1
        elif self.sink is None:
            self._drops[DropReason.RTP_NOT_LISTENED] += 1
        else:
            level = read_level(packet, line.extensions.audio_level)
            self.sink(seq, stream.extend_timestamp(packet.timestamp), packet.payload, level, now)
