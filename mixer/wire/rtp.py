"""RTP packets: the fixed header, where its extension block and its payload lie, and how to build one.

It reads no header extension (`hdrext` does) and no payload. RFC 3550 section 5.1.
"""

import struct

from mixer.wire.errors import WireError

HEADER_SIZE = 12
VERSION = 0x80
EXTENSION_BIT = 0x10
PADDING_BIT = 0x20
MARKER_BIT = 0x80

HEADER = struct.Struct("!BBHII")
_EXTENSION_HEADER = struct.Struct("!HH")


class RtpPacket:
    """One parsed packet, as offsets into the datagram it came in: nothing is copied until it is asked for.

    `payload_start..payload_end` excludes padding; without an extension block `extension_start == extension_end`.
    """

    __slots__ = (
        "data",
        "extension_end",
        "extension_profile",
        "extension_start",
        "marker",
        "payload_end",
        "payload_start",
        "payload_type",
        "seq",
        "ssrc",
        "timestamp",
    )

    data: bytes
    marker: bool
    payload_type: int
    seq: int
    timestamp: int
    ssrc: int
    extension_profile: int
    extension_start: int
    extension_end: int
    payload_start: int
    payload_end: int

    @property
    def payload(self) -> bytes:
        """A copy of the payload without padding."""
        return self.data[self.payload_start : self.payload_end]

    @property
    def is_padding(self) -> bool:
        """Whether the packet carries no payload at all, as probes do."""
        return self.payload_end == self.payload_start


def parse_rtp(data: bytes) -> RtpPacket:
    """Parse one datagram. Raises WireError when it is not an RTP packet or lies about its lengths."""
    size = len(data)
    if size < HEADER_SIZE:
        raise WireError("RTP packet shorter than its header")
    packet = RtpPacket()
    first, second, packet.seq, packet.timestamp, packet.ssrc = HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise WireError("RTP version is not 2")
    start = HEADER_SIZE + 4 * (first & 0x0F)
    packet.extension_profile = 0
    packet.extension_start = packet.extension_end = start
    if first & EXTENSION_BIT:
        if start + 4 > size:
            raise WireError("RTP extension header is cut off")
        packet.extension_profile, words = _EXTENSION_HEADER.unpack_from(data, start)
        packet.extension_start = start + 4
        packet.extension_end = start = start + 4 + 4 * words
    end = size
    if first & PADDING_BIT:
        padding = data[-1]
        if padding == 0:
            raise WireError("RTP padding of no bytes")
        end -= padding
    if start > end:
        raise WireError("RTP header, extensions and padding exceed the packet")
    packet.data = data
    packet.marker = second >= MARKER_BIT
    packet.payload_type = second & 0x7F
    packet.payload_start = start
    packet.payload_end = end
    return packet


def build_rtp_header(
    payload_type: int, seq: int, timestamp: int, ssrc: int, *, marker: bool = False, extension: bytes = b""
) -> bytes:
    """Header and extension block of a packet; `extension` is a whole block as `hdrext.build_extensions` makes it."""
    return (
        HEADER.pack(
            VERSION | EXTENSION_BIT if extension else VERSION,
            MARKER_BIT | payload_type if marker else payload_type,
            seq & 0xFFFF,
            timestamp & 0xFFFFFFFF,
            ssrc,
        )
        + extension
    )
