"""One simulcast layer of a picture, which is one SSRC: parsed once, handed to all who watch it.

Who watches which layer is decided elsewhere (`mixer.forward`). RFC 7741, RFC 8853.
"""

from __future__ import annotations

from typing import Protocol

from mixer.base.drops import DropReason, Drops
from mixer.base.rate_limit import RateLimit
from mixer.params import MediaLine
from mixer.rtp.keyframes import KeyFrameThrottle
from mixer.rtp.nack import NackGenerator
from mixer.rtp.recv_stream import RecvStream
from mixer.wire.errors import WireError
from mixer.wire.rtp import RtpPacket
from mixer.wire.sequence import SequenceExtender
from mixer.wire.vp8 import Vp8Descriptor, parse_vp8

ALIVE_S = 1.0
"""Chromium stops a layer without a word, below 960x540 or for want of bandwidth; this long silent means stopped."""

RECENT = 128
"""Packets kept for a viewer whose key frame begins with a packet that came late: a large key frame has about 100."""


class VideoPacket:
    """What every viewer's copy of a packet has in common, worked out once.

    `seq`, `timestamp`, `picture_id`, `tl0picidx` are extended; `tail` is the payload behind the VP8 descriptor. Mere
    padding has no `descriptor` and an empty tail.
    """

    __slots__ = (
        "descriptor",
        "is_key_frame",
        "layer",
        "marker",
        "now",
        "picture_id",
        "seq",
        "tail",
        "timestamp",
        "tl0picidx",
    )

    layer: Layer
    seq: int
    timestamp: int
    marker: bool
    now: float
    descriptor: Vp8Descriptor | None
    is_key_frame: bool
    picture_id: int
    tl0picidx: int
    tail: bytes


class PacketSink(Protocol):
    """Whoever watches a layer."""

    def forward(self, packet: VideoPacket) -> None:
        """Take the next packet, in order of arrival."""


class LayerOwner(Protocol):
    """The up track of a layer, as far as the layer and those who watch it need it."""

    line: MediaLine
    drops: Drops
    key_frames: KeyFrameThrottle
    limit: RateLimit

    def layer_started(self, layer: Layer, now: float) -> None:
        """A layer brings packets that brought none; called before the first of them is handed on."""

    def request_key_frame(self, layer: Layer, now: float) -> None:
        """Somebody who watches that layer needs a key frame."""


class Layer:
    """One SSRC of a video up track. `rid` is empty without simulcast.

    Whatever watches it is in `sinks`; what nobody watches is neither repaired nor refreshed.
    """

    __slots__ = (
        "_picture_ids",
        "_recent",
        "_tl0picidxs",
        "nack",
        "received_at",
        "rid",
        "sinks",
        "stream",
        "track",
    )

    def __init__(self, track: LayerOwner, rid: str, ssrc: int) -> None:
        self.track = track
        self.rid = rid
        self.stream = RecvStream(ssrc, track.line.codec.clock_rate, track.drops)
        self.nack = NackGenerator()
        self.sinks: tuple[PacketSink, ...] = ()
        self.received_at = float("-inf")
        self._picture_ids: SequenceExtender | None = None
        self._tl0picidxs = SequenceExtender(bits=8)
        self._recent: list[VideoPacket | None] = [None] * RECENT

    def is_alive(self, now: float) -> bool:
        """Whether it has brought packets lately."""
        return now - self.received_at < ALIVE_S

    def watch(self, sink: PacketSink) -> None:
        """Hand packets to `sink` from now on."""
        if sink not in self.sinks:
            self.sinks = (*self.sinks, sink)

    def unwatch(self, sink: PacketSink) -> None:
        """Hand it no more packets."""
        self.sinks = tuple(other for other in self.sinks if other is not sink)

    def close(self) -> None:
        """Let go of the packets, which hold the layer."""
        self._recent = [None] * RECENT

    def receive(self, packet: RtpPacket, now: float) -> None:
        """Take a packet of this SSRC."""
        if packet.payload_type != self.track.line.codec.payload_type:
            self.track.drops[DropReason.RTP_PAYLOAD_TYPE] += 1
            return
        if not self.track.limit.allows(now):
            self.track.drops[DropReason.RTP_TOO_MANY_PACKETS] += 1
            return
        seq = self.stream.receive(packet, now)
        if seq is not None:
            self._hand_on(packet, seq, now)

    def receive_recovered(self, packet: RtpPacket, now: float) -> None:
        """Take a packet that was unwrapped from a retransmission."""
        if not self.track.limit.allows(now):
            self.track.drops[DropReason.RTP_TOO_MANY_PACKETS] += 1
            return
        seq = self.stream.receive_recovered(packet.seq)
        if seq is not None:
            self._hand_on(packet, seq, now)

    def recent_after(self, seq: int) -> list[VideoPacket]:
        """The packets above `seq` that are still kept, in order."""
        highest = self.stream.highest_seq
        if highest is None:
            return []
        kept = (self._recent[number % RECENT] for number in range(max(seq + 1, highest + 1 - RECENT), highest + 1))
        return [packet for packet in kept if packet is not None and packet.seq > seq]

    def _hand_on(self, packet: RtpPacket, seq: int, now: float) -> None:
        self.nack.received(seq, now)
        picture = self._parse(packet, seq, now)
        was_alive = self.is_alive(now)
        self.received_at = now
        if not was_alive:
            self.track.layer_started(self, now)
        if picture.is_key_frame:
            self.track.key_frames.settle(self.stream.ssrc)
        self._recent[seq % RECENT] = picture
        for sink in self.sinks:
            sink.forward(picture)

    def _parse(self, packet: RtpPacket, seq: int, now: float) -> VideoPacket:
        picture = VideoPacket()
        picture.layer = self
        picture.seq = seq
        picture.timestamp = self.stream.extend_timestamp(packet.timestamp)
        picture.marker = packet.marker
        picture.now = now
        picture.picture_id = picture.tl0picidx = 0
        try:
            descriptor = parse_vp8(packet.data, packet.payload_start, packet.payload_end)
        except WireError:
            # Padding, or as good as that: it must still be accounted for, or viewers would miss its number.
            picture.descriptor = None
            picture.is_key_frame = False
            picture.tail = b""
            return picture
        picture.descriptor = descriptor
        picture.is_key_frame = descriptor.is_key_frame
        picture.tail = packet.data[packet.payload_start + descriptor.size : packet.payload_end]
        if descriptor.picture_id is not None:
            if self._picture_ids is None:
                self._picture_ids = SequenceExtender(descriptor.picture_id_bits)
            picture.picture_id = self._picture_ids.extend(descriptor.picture_id)
        if descriptor.tl0picidx is not None:
            picture.tl0picidx = self._tl0picidxs.extend(descriptor.tl0picidx)
        return picture
