"""One sent SSRC: its header, its counters, its sender reports, and what receivers report of it.

It keeps no packets (`history` does) and chooses no payload. RFC 3550 sections 5.1 and 6.4.1.
"""

import random

from mixer.rtp.reports import ntp_time, round_trip
from mixer.wire.rtcp import ReportBlock, SenderReport
from mixer.wire.rtp import EXTENSION_BIT, HEADER, MARKER_BIT, VERSION

MID_PACKETS = 50
"""The first packets carry the MID, a spare to `a=ssrc` in the answer, until a report says that they are understood."""

ACTIVE_S = 5.0
"""A stream that has been silent for longer needs no sender reports."""


class SendStream:
    """`extension` is the header extension block of the first packets, as `hdrext.build_extensions` makes it.

    `seq` is the number of the next packet that `stamp` makes, `timestamp` the newest sent, `sent_at` when it first was;
    `rtt` (seconds) and `fraction_lost` are as last reported.
    """

    __slots__ = (
        "_clock_rate",
        "_payload_type",
        "cname",
        "extension",
        "first_timestamp",
        "fraction_lost",
        "octets",
        "packets",
        "rtt",
        "sent_at",
        "seq",
        "ssrc",
        "timestamp",
    )

    def __init__(self, ssrc: int, payload_type: int, clock_rate: int, cname: str = "", extension: bytes = b"") -> None:
        self.ssrc = ssrc
        self.cname = cname
        self.extension = extension
        # The first numbers are low so that a packet lost at the very start cannot cost SRTP its roll-over count.
        self.seq = random.randrange(0x4000)
        # A multiple of 8, so that tag bits in the low end do not put the first packet before it.
        self.first_timestamp = random.getrandbits(28) << 3
        self.timestamp = self.first_timestamp - 1
        self.sent_at = float("-inf")
        self.packets = 0
        self.octets = 0
        self.rtt: float | None = None
        self.fraction_lost = 0.0
        self._payload_type = payload_type
        self._clock_rate = clock_rate

    def head(self, seq: int, timestamp: int, *, marker: bool) -> bytes:
        """Header and extensions of a packet with those numbers (any integers)."""
        second = MARKER_BIT | self._payload_type if marker else self._payload_type
        extension = self.extension
        if not extension:
            return HEADER.pack(VERSION, second, seq & 0xFFFF, timestamp & 0xFFFFFFFF, self.ssrc)
        if self.packets >= MID_PACKETS:
            self.extension = b""
        return HEADER.pack(VERSION | EXTENSION_BIT, second, seq & 0xFFFF, timestamp & 0xFFFFFFFF, self.ssrc) + extension

    def stamp(self, payload: bytes, elapsed: int, now: float, *, marker: bool = False) -> bytes:
        """The next packet; `elapsed` in clock ticks counts from any zero that all packets of the stream share."""
        timestamp = self.first_timestamp + elapsed
        packet = self.head(self.seq, timestamp, marker=marker) + payload
        self.seq += 1
        self.sent(len(payload), timestamp, now)
        return packet

    def sent(self, octets: int, timestamp: int, now: float) -> None:
        """Count a packet that was made with `head`; `octets` are those of its payload."""
        self.packets += 1
        self.octets += octets
        if timestamp > self.timestamp:
            self.timestamp = timestamp
            self.sent_at = now

    def report(self, now: float) -> SenderReport | None:
        """The sender report due at `now`, or None while nothing is being sent."""
        silent_s = now - self.sent_at
        if silent_s > ACTIVE_S:
            return None
        timestamp = self.timestamp + int(silent_s * self._clock_rate)
        return SenderReport(self.ssrc, ntp_time(now), timestamp & 0xFFFFFFFF, self.packets, self.octets)

    def reported(self, block: ReportBlock, now: float) -> None:
        """A receiver has reported on this stream."""
        self.extension = b""
        self.fraction_lost = block.fraction_lost / 256
        rtt = round_trip(block, now)
        if rtt is not None:
            self.rtt = rtt
