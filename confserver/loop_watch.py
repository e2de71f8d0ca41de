"""Notices when the daemon's event loop has stood still: nothing is heard or answered meanwhile. It only counts."""

BEAT_S = 0.25
"""Between beats while anybody is in."""
EMPTY_BEAT_S = 1.0
"""While nobody is: to wake a processor is all that an empty server costs."""
STALL_S = 0.2
"""Is felt by who presses a button. Whatever stands still for a beat longer than that is seen."""


class LoopWatch:
    """`stalls` are the times that a beat came more than STALL_S late."""

    def __init__(self) -> None:
        self.stalls = 0
        self._due_at = float("inf")

    def beat(self, now: float, next_s: float) -> None:
        """A beat at `now`, monotonic seconds; the next one is due in `next_s`."""
        if now - self._due_at > STALL_S:
            self.stalls += 1
        self._due_at = now + next_s
