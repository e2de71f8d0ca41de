"""RTP packets as a guest's browser sends them: always the same header extensions, so one fixed layout does.

It protects and sends nothing. RFC 3550, RFC 8285 one-byte form; RFC 7741 section 4.2 for the VP8 descriptor.
"""

import struct

OPUS_PT = 111
VP8_PT = 96
RTX_PT = 97

LEVEL_ID = 1
TRANSPORT_ID = 3
MID_ID = 4

_HEAD = struct.Struct("!BBHIIHHBHBBBBx")
_VERSION_AND_EXTENSION = 0x90
_MARKER = 0x80
_ONE_BYTE_PROFILE = 0xBEDE
_EXTENSION_WORDS = 2

_VP8_DESCRIPTOR = struct.Struct("!BBHBB")
_EXTENDED = 0x80
_FRAME_START = 0x10
_ALL_FIELDS = 0xF0
_LONG_PICTURE_ID = 0x8000


def audio_head(seq: int, timestamp: int, ssrc: int, transport_seq: int, mid: int, level: int, marker: bool) -> bytes:
    """Header of an Opus packet; `mid` is the ASCII code of a mid of one character, `level` in -dBov."""
    return _HEAD.pack(
        _VERSION_AND_EXTENSION,
        OPUS_PT | _MARKER if marker else OPUS_PT,
        seq & 0xFFFF,
        timestamp & 0xFFFFFFFF,
        ssrc,
        _ONE_BYTE_PROFILE,
        _EXTENSION_WORDS,
        TRANSPORT_ID << 4 | 1,
        transport_seq & 0xFFFF,
        MID_ID << 4,
        mid,
        LEVEL_ID << 4,
        level,
    )


def video_head(seq: int, timestamp: int, ssrc: int, transport_seq: int, mid: int, marker: bool) -> bytes:
    """Header of a VP8 packet; in the place of the level is padding."""
    return _HEAD.pack(
        _VERSION_AND_EXTENSION,
        VP8_PT | _MARKER if marker else VP8_PT,
        seq & 0xFFFF,
        timestamp & 0xFFFFFFFF,
        ssrc,
        _ONE_BYTE_PROFILE,
        _EXTENSION_WORDS,
        TRANSPORT_ID << 4 | 1,
        transport_seq & 0xFFFF,
        MID_ID << 4,
        mid,
        0,
        0,
    )


def vp8_descriptor(picture_id: int, tl0picidx: int, is_frame_start: bool) -> bytes:
    """Descriptor with all its fields, as browsers write it: one temporal layer, key index 0."""
    return _VP8_DESCRIPTOR.pack(
        _EXTENDED | _FRAME_START if is_frame_start else _EXTENDED,
        _ALL_FIELDS,
        _LONG_PICTURE_ID | picture_id & 0x7FFF,
        tl0picidx & 0xFF,
        0,
    )
