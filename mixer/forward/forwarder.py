"""Whether a packet goes to one viewer, and with which numbers.

It decides and does not act: no bytes, no sockets. One picture follows another without a seam: sequence numbers are
continuous, timestamps go on by elapsed time, VP8's own counters (RFC 7741 section 4.2) go on by one. The lowest bits of
each timestamp carry the generation of the picture (docs/protocol.md, "Slots").
"""

from typing import NamedTuple

from mixer.base.drops import DropReason
from mixer.capabilities import GENERATIONS
from mixer.forward.sequence_map import SequenceMap
from mixer.router.layer import Layer, VideoPacket
from mixer.rtp.reports import NTP_UNIT

CLOCK_RATE = 90_000
MAX_GAP = 3000
"""A source whose numbers leap further has begun anew."""

MAX_DISAGREEMENT = 2 * CLOCK_RATE
"""Sender reports that contradict the arrival times by more are not believed."""

_TAG_MASK = GENERATIONS - 1


class Rewrite(NamedTuple):
    """Forward, with these numbers (any integers). `is_switch`: the packet begins another picture or layer."""

    seq: int
    timestamp: int
    picture_id: int
    tl0picidx: int
    is_switch: bool


class Forwarder:
    """What one viewer's slot carries: `current` is being sent, `target` takes over at its next key frame."""

    __slots__ = (
        "_highest_source_seq",
        "_is_anchored",
        "_picture_id",
        "_picture_id_offset",
        "_sequence",
        "_target_generation",
        "_timestamp",
        "_timestamp_at",
        "_timestamp_offset",
        "_tl0picidx",
        "_tl0picidx_offset",
        "current",
        "generation",
        "highest_seq",
        "target",
    )

    def __init__(self, first_seq: int, first_timestamp: int) -> None:
        self.current: Layer | None = None
        self.target: Layer | None = None
        self.generation = 0
        self.highest_seq = first_seq - 1
        self._target_generation = 0
        self._is_anchored = False
        self._sequence = SequenceMap()
        self._highest_source_seq = 0
        self._timestamp = first_timestamp
        self._timestamp_at: float | None = None
        self._timestamp_offset = 0
        self._picture_id = self._picture_id_offset = 0
        self._tl0picidx = self._tl0picidx_offset = 0

    def aim(self, layer: Layer, generation: int) -> None:
        """Switch to `layer`, tagged `generation`, at its next key frame; until then `current` goes on."""
        if layer is self.current and generation == self.generation and self._is_anchored:
            self.target = None
        else:
            self.target = layer
            self._target_generation = generation

    def stop(self) -> None:
        """Carry nothing from now on."""
        self.current = self.target = None
        self._is_anchored = False

    def decide(self, packet: VideoPacket) -> Rewrite | DropReason:
        """What becomes of the next packet of a watched layer."""
        layer = packet.layer
        is_switch = packet.is_key_frame and layer is self.target
        if is_switch:
            self._switch(packet)
        elif layer is not self.current or not self._is_anchored:
            return DropReason.FORWARD_WAITING_KEY_FRAME if layer is self.target else DropReason.FORWARD_NOT_CURRENT
        seq = packet.seq
        ahead = seq - self._highest_source_seq
        if ahead > MAX_GAP:
            self._reanchor(layer)
            return DropReason.FORWARD_SOURCE_JUMPED
        if seq < self._sequence.first:
            return DropReason.FORWARD_BEFORE_SWITCH
        if ahead > 0:
            self._highest_source_seq = seq
            if ahead == 1 and packet.descriptor is None:
                self._sequence.skip(seq)
                return DropReason.FORWARD_PADDING
        mapped = self._sequence.map(seq)
        if mapped is None:
            return DropReason.FORWARD_BEFORE_SWITCH
        return self._rewrite(packet, mapped, is_switch)

    def _rewrite(self, packet: VideoPacket, seq: int, is_switch: bool) -> Rewrite:
        timestamp = packet.timestamp + self._timestamp_offset
        picture_id = packet.picture_id + self._picture_id_offset
        tl0picidx = packet.tl0picidx + self._tl0picidx_offset
        if seq > self.highest_seq:
            self.highest_seq = seq
        if timestamp > self._timestamp:
            self._timestamp = timestamp
            self._timestamp_at = packet.now
        if packet.descriptor is not None:
            if picture_id > self._picture_id:
                self._picture_id = picture_id
            if tl0picidx > self._tl0picidx:
                self._tl0picidx = tl0picidx
        return Rewrite(seq, timestamp & ~_TAG_MASK | self.generation, picture_id, tl0picidx, is_switch)

    def _switch(self, packet: VideoPacket) -> None:
        """Let `packet`, the first of a key frame of the target, follow on whatever was sent last."""
        timestamp = self._next_timestamp(packet)
        self._sequence.anchor(packet.seq, self.highest_seq + 1)
        self._highest_source_seq = packet.seq
        self._timestamp_offset = timestamp - packet.timestamp
        self._timestamp = timestamp
        self._timestamp_at = packet.now
        self._picture_id_offset = self._picture_id + 1 - packet.picture_id
        self._tl0picidx_offset = self._tl0picidx + 1 - packet.tl0picidx
        self.current = packet.layer
        self.target = None
        self.generation = self._target_generation
        self._is_anchored = True

    def _reanchor(self, layer: Layer) -> None:
        """Wait for a key frame of the layer that is current already, unless another is awaited."""
        self._is_anchored = False
        if self.target is None:
            self.target = layer
            self._target_generation = self.generation

    def _next_timestamp(self, packet: VideoPacket) -> int:
        """The timestamp of a switch: later than all before even without the tag bits, else by the clocks."""
        if self._timestamp_at is None:
            return self._timestamp
        elapsed = self._timestamp + int((packet.now - self._timestamp_at) * CLOCK_RATE)
        aligned = self._aligned(packet)
        if aligned is not None and abs(aligned - elapsed) <= MAX_DISAGREEMENT:
            elapsed = aligned
        return max(elapsed, self._timestamp + GENERATIONS)

    def _aligned(self, packet: VideoPacket) -> int | None:
        """The timestamp by the sender's own clock, known between two layers of one publisher by sender reports."""
        current = self.current
        if current is None or not self._is_anchored or current.track is not packet.layer.track:
            return None
        old, new = current.stream.sender_report, packet.layer.stream.sender_report
        if current is packet.layer:
            return packet.timestamp + self._timestamp_offset
        if old is None or new is None:
            return None
        since_new = _signed(packet.timestamp - new.timestamp)
        between = (new.ntp - old.ntp) * CLOCK_RATE // NTP_UNIT
        source = old.timestamp + between + since_new
        # Reports carry 32 bits: bring the sum next to what was sent last.
        return self._timestamp + _signed(source + self._timestamp_offset - self._timestamp)


def _signed(difference: int) -> int:
    """A difference of timestamps modulo 2^32 as the smaller of its two meanings."""
    return (difference + 0x80000000 & 0xFFFFFFFF) - 0x80000000
