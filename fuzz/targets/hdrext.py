"""RTP header extensions (`mixer.wire.hdrext`): each element is found or absent, never half there.

The first two bytes of an input are the profile, the rest the block.
"""

from collections.abc import Iterator

from mixer.wire.hdrext import (
    ONE_BYTE_PROFILE,
    TWO_BYTE_PROFILE,
    build_extensions,
    find_extension,
    read_level,
    read_text,
    read_transport_seq,
)
from mixer.wire.rtp import RtpPacket, build_rtp_header, parse_rtp

MAX_BYTES = 512
IDS = (*range(1, 16), 16, 127, 128, 255)


def target(data: bytes) -> None:
    """What is found can be written, and is found again."""
    packet = _packet(data[:2].ljust(2, b"\0") + (-(-len(data[2:]) // 4)).to_bytes(2, "big") + data[2:])
    found = {extension_id: value for extension_id in IDS if (value := find_extension(packet, extension_id)) is not None}
    for extension_id, value in found.items():
        assert read_text(packet, extension_id) in (None, value.decode(errors="replace"))
        assert (read_level(packet, extension_id) or 0) in range(128)
        assert (read_transport_seq(packet, extension_id) or 0) in range(1 << 16)
    again = _packet(build_extensions(found.items()))
    assert all(find_extension(again, extension_id) == value for extension_id, value in found.items())


def _packet(block: bytes) -> RtpPacket:
    padded = block + bytes(-len(block) % 4)
    return parse_rtp(build_rtp_header(96, 1, 2, 3, extension=padded) + b"payload")


def seeds() -> Iterator[bytes]:
    """Both forms, with padding and the stop id."""
    one, two = ONE_BYTE_PROFILE.to_bytes(2, "big"), TWO_BYTE_PROFILE.to_bytes(2, "big")
    yield one + b"\x10A\x00\x20B\x31mi\xf0"
    yield two + b"\x01\x01A\x00\x02\x00\x0f\x03mid"
    yield one + bytes(16)
