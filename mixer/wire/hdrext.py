"""RTP header extensions, in one-byte and two-byte form.

An element is looked up by its negotiated id without decoding the others; what an element means is decided elsewhere.
RFC 8285 sections 4.2 and 4.3.
"""

from collections.abc import Iterable

from mixer.wire.errors import WireError
from mixer.wire.rtp import RtpPacket

ONE_BYTE_PROFILE = 0xBEDE
TWO_BYTE_PROFILE = 0x1000
_STOP_ID = 15
_LEVEL_MASK = 0x7F


def find_extension(packet: RtpPacket, extension_id: int | None) -> bytes | None:
    """The bytes of the element with that id, or None when it is absent, cut off, or was never negotiated."""
    profile = packet.extension_profile
    if extension_id is None or not profile:
        return None
    if profile == ONE_BYTE_PROFILE:
        return _find_one_byte(packet.data, packet.extension_start, packet.extension_end, extension_id)
    if profile & 0xFFF0 == TWO_BYTE_PROFILE:
        return _find_two_byte(packet.data, packet.extension_start, packet.extension_end, extension_id)
    return None


def _find_one_byte(data: bytes, position: int, end: int, extension_id: int) -> bytes | None:
    while position < end:
        head = data[position]
        if head == 0:
            position += 1
            continue
        found = head >> 4
        if found == _STOP_ID:
            return None
        start = position + 1
        position = start + (head & 0x0F) + 1
        if found == extension_id:
            return data[start:position] if position <= end else None
    return None


def _find_two_byte(data: bytes, position: int, end: int, extension_id: int) -> bytes | None:
    while position + 1 < end:
        found = data[position]
        if found == 0:
            position += 1
            continue
        start = position + 2
        position = start + data[position + 1]
        if found == extension_id:
            return data[start:position] if position <= end else None
    return None


def build_extensions(elements: Iterable[tuple[int, bytes]]) -> bytes:
    """A whole extension block with its header, padded to 32 bits; empty without elements.

    One-byte form where every element fits it (id 1..14, 1..16 bytes), two-byte form otherwise. Raises WireError for an
    id or a length that neither form can carry.
    """
    pairs = tuple(elements)
    if not pairs:
        return b""
    if any(not 1 <= extension_id <= 255 or len(value) > 255 for extension_id, value in pairs):
        raise WireError("a header extension id or length out of range")
    if all(extension_id < _STOP_ID and 1 <= len(value) <= 16 for extension_id, value in pairs):
        profile = ONE_BYTE_PROFILE
        body = b"".join(bytes((extension_id << 4 | len(value) - 1,)) + value for extension_id, value in pairs)
    else:
        profile = TWO_BYTE_PROFILE
        body = b"".join(bytes((extension_id, len(value))) + value for extension_id, value in pairs)
    body += bytes(-len(body) % 4)
    return profile.to_bytes(2, "big") + (len(body) // 4).to_bytes(2, "big") + body


def read_text(packet: RtpPacket, extension_id: int | None) -> str | None:
    """An element that carries an identifier (MID, RID), or None when it is absent, empty or not ASCII."""
    value = find_extension(packet, extension_id)
    if not value or not value.isascii():
        return None
    return value.decode("ascii")


def read_level(packet: RtpPacket, extension_id: int | None) -> int | None:
    """The audio level as 0..127, meaning -dBov (RFC 6464), or None."""
    value = find_extension(packet, extension_id)
    return value[0] & _LEVEL_MASK if value else None


def read_transport_seq(packet: RtpPacket, extension_id: int | None) -> int | None:
    """The sender's transport-wide sequence number (16 bits), or None."""
    value = find_extension(packet, extension_id)
    return value[0] << 8 | value[1] if value is not None and len(value) == 2 else None
