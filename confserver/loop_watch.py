"""Notices when the daemon's event loop has stood still: nothing is heard or answered meanwhile. It only counts."""

BEAT_S = 0.1
STALL_S = 0.25
"""A quarter of a second is felt by who presses a button."""


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
