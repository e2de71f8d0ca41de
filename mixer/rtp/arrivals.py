"""When the packets of one transport arrived, told back to their sender while video arrives.

It estimates no bandwidth: the sender does. draft-holmer-rmcat-transport-wide-cc-extensions-01.
"""

from mixer.wire.feedback import TICK_S, TransportFeedback
from mixer.wire.sequence import SequenceExtender

INTERVAL_S = 0.050
"""Senders want feedback every 50 - 100 ms; without it Chromium falls to 32 kb/s."""

MAX_SPAN = 400
"""Packets told in one feedback, which so fits a datagram; a wider gap is not told at all."""

MAX_AGE_TICKS = 4000
"""One second: older arrivals, of a process that was held up, are of no use to an estimate."""


class Arrivals:
    """Feed every packet that carries a transport-wide number; `poll` gives a feedback when one is due.

    While not `is_active`, because no video has come for a while, packets of sound need not be fed.
    """

    __slots__ = ("_arrivals", "_due_at", "_media_ssrc", "_next", "_number", "_seqs", "is_active")

    def __init__(self) -> None:
        self.is_active = False
        self._seqs = SequenceExtender()
        self._arrivals: dict[int, int] = {}
        self._media_ssrc = 0
        self._next: int | None = None
        self._number = 0
        self._due_at = float("-inf")

    def receive(self, transport_seq: int, video_ssrc: int | None, now: float) -> None:
        """A packet has arrived; `video_ssrc` is its SSRC if it is video, None for sound."""
        if len(self._arrivals) >= MAX_SPAN:
            self._arrivals.clear()
        self._arrivals[self._seqs.extend(transport_seq)] = int(now / TICK_S)
        if video_ssrc is not None:
            self._media_ssrc = video_ssrc
            self.is_active = True

    def poll(self, sender_ssrc: int, now: float) -> TransportFeedback | None:
        """The feedback due now; None when it is too early, or when no video has come since the last."""
        if now < self._due_at or not self.is_active:
            return None
        self._due_at = now + INTERVAL_S
        media_ssrc, self._media_ssrc = self._media_ssrc, 0
        if not media_ssrc:
            self.is_active = False
            self._next = None
            self._arrivals.clear()
            return None
        arrivals, self._arrivals = self._arrivals, {}
        newest = max(arrivals)
        oldest = min(arrivals)
        # Numbers skipped since the last feedback are told as lost; what comes late is told in its own turn.
        first = oldest if self._next is None else min(oldest, self._next)
        first = max(first, newest - MAX_SPAN)
        self._next = newest + 1
        earliest = int(now / TICK_S) - MAX_AGE_TICKS
        told = tuple(at if (at := arrivals.get(seq, 0)) > earliest else None for seq in range(first, newest + 1))
        if not any(told):
            return None
        self._number += 1
        return TransportFeedback(sender_ssrc, media_ssrc, first & 0xFFFF, self._number & 0xFF, told)
