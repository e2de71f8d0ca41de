"""The VP8 payload descriptor (`mixer.wire.vp8`): numbers in range and a payload behind it, or WireError.

The first byte of an input says how many bytes of the packet lie before the payload, the second how many behind it.
"""

from collections.abc import Iterator

from mixer.wire.errors import WireError
from mixer.wire.vp8 import parse_vp8

MAX_BYTES = 64


def target(data: bytes) -> None:
    """A descriptor with the same numbers reads the same."""
    before, behind = (*data[:2], 0, 0)[:2]
    packet, start = data[2:], before % 4
    end = max(start, len(packet) - behind % 4)
    try:
        found = parse_vp8(packet, start, end)
    except WireError:
        return
    assert 0 < found.size < end - start
    assert found.picture_id is None or 0 <= found.picture_id < 1 << found.picture_id_bits
    assert found.tl0picidx is None or 0 <= found.tl0picidx <= 0xFF
    assert found.temporal_id is None or 0 <= found.temporal_id <= 3
    said = found.render(found.picture_id or 0, found.tl0picidx or 0) + packet[start + found.size : end]
    again = parse_vp8(said, 0, len(said))
    assert (again.picture_id, again.tl0picidx, again.temporal_id) == (
        found.picture_id,
        found.tl0picidx,
        found.temporal_id,
    )
    assert (again.is_frame_start, again.is_key_frame) == (found.is_frame_start, found.is_key_frame)


def seeds() -> Iterator[bytes]:
    """Every optional field, 7 and 15 bits of picture id."""
    yield b"\0\0\x10\x00picture"
    yield b"\0\0\x90\x80\x80\x01\x10picture"
    yield b"\1\1x\x90\xf0\x05\x06\x47\x01picturex"
    yield b"\0\0\x90\xf0\xff\xff\xff\xff\xff\xff"
