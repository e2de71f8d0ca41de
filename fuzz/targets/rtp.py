"""RTP packets (`mixer.wire.rtp`): offsets that lie in the datagram and in order, or WireError."""

from collections.abc import Iterator

from mixer.wire.errors import WireError
from mixer.wire.hdrext import build_extensions
from mixer.wire.rtp import HEADER_SIZE, build_rtp_header, parse_rtp

MAX_BYTES = 2048


def target(data: bytes) -> None:
    """The parts lie where they can, and a packet built of them reads the same."""
    try:
        packet = parse_rtp(data)
    except WireError:
        return
    bounds = [packet.extension_start, packet.extension_end, packet.payload_start, packet.payload_end, len(data)]
    assert bounds[0] >= HEADER_SIZE
    assert bounds == sorted(bounds)
    assert packet.is_padding == (not packet.payload)
    has_block = packet.extension_start < packet.extension_end
    block = data[packet.extension_start - 4 : packet.extension_end] if has_block else b""
    head = build_rtp_header(
        packet.payload_type, packet.seq, packet.timestamp, packet.ssrc, marker=packet.marker, extension=block
    )
    again = parse_rtp(head + packet.payload)
    assert again.payload == packet.payload
    assert (again.seq, again.timestamp, again.ssrc) == (packet.seq, packet.timestamp, packet.ssrc)
    assert (again.payload_type, again.marker) == (packet.payload_type, packet.marker)


def seeds() -> Iterator[bytes]:
    """With and without extensions, contributing sources and padding."""
    plain = build_rtp_header(111, 1, 2, 3) + b"sound"
    yield plain
    yield build_rtp_header(96, 65535, 2**32 - 1, 3, marker=True, extension=build_extensions([(1, b"mid")])) + b"picture"
    yield build_rtp_header(96, 1, 2, 3, extension=build_extensions([(200, b"mid")])) + b"picture"
    yield bytes((plain[0] | 0x20,)) + plain[1:] + b"\0\0\3"
    yield bytes((plain[0] | 2,)) + plain[1:12] + bytes(8) + b"sound"
