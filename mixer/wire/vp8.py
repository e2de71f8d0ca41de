"""The VP8 payload descriptor: what a forwarder must know of a packet, and the two numbers it must rewrite.

No picture data is looked at beyond the bit that tells a key frame. RFC 7741 section 4.2.
"""

from mixer.wire.errors import WireError

_EXTENDED = 0x80
_FRAME_START = 0x10
_PARTITION_MASK = 0x07
_HAS_PICTURE_ID = 0x80
_HAS_TL0PICIDX = 0x40
_HAS_TID = 0x20
_HAS_KEYIDX = 0x10
_INTER_FRAME = 0x01


class Vp8Descriptor:
    """One parsed descriptor. `size` is its length in bytes; numbers are None where the sender gives none."""

    __slots__ = (
        "_head",
        "_layer",
        "is_frame_start",
        "is_key_frame",
        "picture_id",
        "picture_id_bits",
        "size",
        "temporal_id",
        "tl0picidx",
    )

    _head: bytes
    _layer: bytes
    size: int
    is_frame_start: bool
    is_key_frame: bool
    picture_id: int | None
    picture_id_bits: int
    tl0picidx: int | None
    temporal_id: int | None

    def render(self, picture_id: int, tl0picidx: int) -> bytes:
        """This descriptor with other numbers; PictureID is written in 15 bits. Numbers it does not have stay absent."""
        head = self._head
        if self.picture_id is not None:
            head += (0x8000 | picture_id & 0x7FFF).to_bytes(2, "big")
        if self.tl0picidx is not None:
            head += bytes((tl0picidx & 0xFF,))
        return head + self._layer


def parse_vp8(data: bytes, start: int, end: int) -> Vp8Descriptor:
    """Read the descriptor at `data[start:end]`. Raises WireError when it is cut off or no payload follows it.

    `is_key_frame` is true only for the first packet of a key frame: the others cannot be told apart.
    """
    descriptor = Vp8Descriptor()
    descriptor._layer = b""
    descriptor.picture_id = descriptor.tl0picidx = descriptor.temporal_id = None
    descriptor.picture_id_bits = 15
    try:
        first = data[start]
        descriptor._head = data[start : start + 1]
        position = _parse_extended(descriptor, data, start + 1) if first & _EXTENDED else start + 1
        inter_frame = data[position] & _INTER_FRAME
    except IndexError:
        raise WireError("VP8 descriptor is cut off") from None
    if position >= end:
        raise WireError("VP8 descriptor without a payload")
    descriptor.size = position - start
    descriptor.is_frame_start = first & (_FRAME_START | _PARTITION_MASK) == _FRAME_START
    descriptor.is_key_frame = descriptor.is_frame_start and not inter_frame
    return descriptor


def _parse_extended(descriptor: Vp8Descriptor, data: bytes, position: int) -> int:
    """Read the optional fields that begin at `position`; gives the position behind them."""
    flags = data[position]
    descriptor._head += data[position : position + 1]
    position += 1
    if flags & _HAS_PICTURE_ID:
        picture_id = data[position]
        position += 1
        if picture_id & 0x80:
            descriptor.picture_id = (picture_id & 0x7F) << 8 | data[position]
            position += 1
        else:
            descriptor.picture_id = picture_id
            descriptor.picture_id_bits = 7
    if flags & _HAS_TL0PICIDX:
        descriptor.tl0picidx = data[position]
        position += 1
    if flags & (_HAS_TID | _HAS_KEYIDX):
        layer = data[position]
        descriptor._layer = bytes((layer,))
        descriptor.temporal_id = layer >> 6 if flags & _HAS_TID else None
        position += 1
    return position
