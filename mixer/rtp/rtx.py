"""Retransmission on an SSRC and payload type of its own: wrapping what we resend, unwrapping what is resent to us.

Which packets are resent is decided elsewhere. RFC 4588 section 4.
"""

from mixer.wire.errors import WireError
from mixer.wire.rtp import EXTENSION_BIT, HEADER, HEADER_SIZE, MARKER_BIT, RtpPacket

_OSN_SIZE = 2


def wrap_rtx(head: bytes, tail: bytes, payload_type: int, ssrc: int, seq: int) -> bytes:
    """The packet `head + tail` as a retransmission; `head` holds at least its RTP header and extensions."""
    first, second, original_seq, timestamp, _ = HEADER.unpack_from(head)
    start = HEADER_SIZE
    if first & EXTENSION_BIT:
        start += 4 + 4 * int.from_bytes(head[HEADER_SIZE + 2 : HEADER_SIZE + 4], "big")
    header = HEADER.pack(first, second & MARKER_BIT | payload_type, seq & 0xFFFF, timestamp, ssrc)
    return b"".join((header, head[HEADER_SIZE:start], original_seq.to_bytes(2, "big"), head[start:], tail))


def unwrap_rtx(packet: RtpPacket, payload_type: int, ssrc: int) -> None:
    """Turn a retransmission, in place, into the packet it repairs. Raises WireError when it carries none."""
    start = packet.payload_start
    if packet.payload_end - start < _OSN_SIZE:
        raise WireError("retransmission without an original sequence number")
    packet.seq = packet.data[start] << 8 | packet.data[start + 1]
    packet.payload_start = start + _OSN_SIZE
    packet.payload_type = payload_type
    packet.ssrc = ssrc
