"""A guest's camera: loops over pictures made before, numbered afresh, with a key frame when one is asked for.

It is called once in 20 ms. It answers no NACK: on a loopback address nothing is lost that is not lost for good.
RFC 7741 section 4.2.
"""

from collections.abc import Callable

from benches.load.packets import video_head, vp8_descriptor
from benches.load.pictures import Clip

CLOCK_RATE = 90_000
TICK_CLOCKS = CLOCK_RATE // 50


class Camera:
    """One outgoing VP8 stream. `transport_seq` numbers packets across all streams of the guest."""

    def __init__(self, ssrc: int, mid: str, clip: Clip, transport_seq: Callable[[], int]) -> None:
        self.ssrc = ssrc
        self.packets = 0
        self.octets = 0
        self.timestamp = 0
        self.key_frames = 0
        self._mid = ord(mid)
        self._clip = clip
        self._transport_seq = transport_seq
        self._ticks = 0
        self._pictures = 0
        self._position = 0

    def ask_key_frame(self) -> None:
        """Begin anew with the next picture."""
        self._position = 0

    def next_packets(self) -> list[bytes]:
        """The packets of the picture that is due in these 20 ms; none between two pictures."""
        self._ticks += 1
        if self._ticks % self._clip.ticks_per_frame:
            return []
        self.timestamp = self._ticks * TICK_CLOCKS
        chunks = self._clip.frames[self._position]
        self.key_frames += self._position == 0
        packets = [self._packet(chunk, number, len(chunks)) for number, chunk in enumerate(chunks)]
        self._pictures += 1
        self._position += 1
        if self._position == len(self._clip.frames):
            self._position = self._clip.loop_start
        return packets

    def _packet(self, chunk: bytes, number: int, count: int) -> bytes:
        marker = number == count - 1
        head = video_head(self.packets, self.timestamp, self.ssrc, self._transport_seq(), self._mid, marker)
        self.packets += 1
        self.octets += len(chunk)
        # One temporal layer: every picture is a base picture, so both numbers count pictures.
        return head + vp8_descriptor(self._pictures, self._pictures, number == 0) + chunk
