"""The last packets sent on one SSRC, for those who ask again.

A packet is kept as its own head and the tail it shares with every other viewer's copy, so a picture sent to a hundred
viewers is stored once. It sends nothing. RFC 4585 section 6.2.1.
"""

from mixer.base.drops import DropReason

CAPACITY = 512
"""Two to four seconds of a picture, and longer than any viewer's patience."""

RESEND_REST_S = 0.010
"""The same packet is not sent again within this time: requests of one loss come in bursts."""

MAX_CREDIT = 256
"""Resends that may be owed at once."""


class History:
    """A ring by sequence number. Resends never exceed what was sent since: each sent packet earns one."""

    __slots__ = ("_credit", "_credited_seq", "_highest", "_resent", "_ring")

    def __init__(self) -> None:
        self._ring: list[tuple[int, bytes, bytes] | None] = [None] * CAPACITY
        self._resent: dict[int, float] = {}
        self._highest = 0
        self._credit = 0
        self._credited_seq: int | None = None

    def store(self, seq: int, head: bytes, tail: bytes) -> None:
        """Keep packet `seq` (extended); neither part is copied."""
        self._ring[seq % CAPACITY] = (seq, head, tail)
        self._highest = seq

    def resend(self, wire_seq: int, now: float) -> tuple[bytes, bytes] | DropReason:
        """Head and tail of the packet with that 16-bit number, or why it is not to be sent."""
        kept = self._ring[wire_seq % CAPACITY]
        if kept is None or kept[0] & 0xFFFF != wire_seq:
            return DropReason.FORWARD_NOT_IN_HISTORY
        seq, head, tail = kept
        if now - self._resent.get(seq, -1.0) < RESEND_REST_S:
            return DropReason.FORWARD_RESENT_JUST_NOW
        self._earn()
        if not self._credit:
            return DropReason.FORWARD_RESEND_BUDGET
        self._credit -= 1
        if len(self._resent) >= CAPACITY:
            self._resent.clear()
        self._resent[seq] = now
        return head, tail

    def _earn(self) -> None:
        since = self._credited_seq
        earned = MAX_CREDIT if since is None else max(0, self._highest - since)
        self._credit = min(MAX_CREDIT, self._credit + earned)
        self._credited_seq = self._highest
