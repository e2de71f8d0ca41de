"""The clock arithmetic of RTCP reports: NTP time, delays, round trips.

NTP time here is the monotonic clock: RFC 3550 section 6.4.1 allows any clock that all reports of a host share, and this
one never steps. It keeps no state and decides no interval.
"""

from mixer.wire.rtcp import ReportBlock

NTP_UNIT = 1 << 32
SHORT_UNIT = 1 << 16
MAX_RTT_S = 10.0


def ntp_time(now: float) -> int:
    """Monotonic seconds as 32.32 fixed point."""
    return int(now * NTP_UNIT) & 0xFFFFFFFFFFFFFFFF


def middle_ntp(ntp: int) -> int:
    """The middle 32 bits of an NTP time, as report blocks echo them."""
    return ntp >> 16 & 0xFFFFFFFF


def delay_units(delay_s: float) -> int:
    """Seconds in units of 1/65536 s, within 32 bits."""
    return min(0xFFFFFFFF, max(0, int(delay_s * SHORT_UNIT)))


def round_trip(block: ReportBlock, now: float) -> float | None:
    """Round-trip time in seconds from a block that echoes one of our sender reports; None when it says nothing sane."""
    if not block.last_sender_report:
        return None
    units = (middle_ntp(ntp_time(now)) - block.last_sender_report - block.delay) & 0xFFFFFFFF
    rtt = units / SHORT_UNIT
    return rtt if rtt <= MAX_RTT_S else None
