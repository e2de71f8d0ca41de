"""Notices when the daemon's event loop has stood still: nothing is heard or answered meanwhile. It only counts."""

BEAT_S = 0.25
"""As often as seats are looked at: an idle server wakes once for both."""
STALL_S = 0.2
"""Is felt by who presses a button. Whatever stands still for BEAT_S longer than that is seen."""


class LoopWatch:
    """Call `beat` every BEAT_S. `stalls` are the times that a beat came more than STALL_S late."""

    def __init__(self) -> None:
        self.stalls = 0
        self._due_at = float("inf")

    def beat(self, now: float) -> None:
        """A beat at `now`, monotonic seconds."""
        if now - self._due_at > STALL_S:
            self.stalls += 1
        self._due_at = now + BEAT_S
