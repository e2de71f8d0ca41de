"""Which protocol a datagram on a shared port speaks, told by its first two bytes.

It looks at nothing else: that a datagram looks like STUN does not make it valid. RFC 7983 section 7; RFC 5761
section 4.
"""

from enum import IntEnum


class Protocol(IntEnum):
    """What may arrive on a WebRTC port."""

    UNKNOWN = 0
    STUN = 1
    DTLS = 2
    RTP = 3
    """SRTP or SRTCP; `is_rtcp` tells which."""


MIN_DATAGRAM_BYTES = 12
"""The shortest datagram any of these protocols has: an RTP header. (SRTCP, DTLS and STUN need more.)"""

_FIRST_BYTES = {Protocol.STUN: range(4), Protocol.DTLS: range(20, 64), Protocol.RTP: range(128, 192)}

PROTOCOLS: tuple[Protocol, ...] = tuple(
    next((protocol for protocol, bytes_ in _FIRST_BYTES.items() if byte in bytes_), Protocol.UNKNOWN)
    for byte in range(256)
)
"""The protocol by first byte. A table, because every datagram of the server is looked up in it."""


def classify(data: bytes) -> Protocol:
    """The protocol of a datagram; UNKNOWN for one that is too short for any."""
    return PROTOCOLS[data[0]] if len(data) >= MIN_DATAGRAM_BYTES else Protocol.UNKNOWN


def is_rtcp(data: bytes) -> bool:
    """Whether a datagram of protocol RTP is SRTCP: packet types 192..223, which no RTP payload type may use."""
    return 192 <= data[1] <= 223
