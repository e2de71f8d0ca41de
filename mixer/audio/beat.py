"""Whether the mixer keeps time. What arrives while it stands still has waited for us, and tells nothing of the network.

It beats nothing itself and knows no packet.
"""

HELD_UP_S = 0.1
"""Five ticks: later than a busy machine makes them, and what waited is read within as much."""


class Beat:
    """Tell it of each tick. It is kept before the first."""

    __slots__ = ("_excused_until", "_ticked_at")

    def __init__(self) -> None:
        self._ticked_at = float("inf")
        self._excused_until = float("-inf")

    def tick(self, now: float) -> None:
        """A tick takes place."""
        if now - self._ticked_at > HELD_UP_S:
            self._excused_until = now + HELD_UP_S
        self._ticked_at = now

    def is_kept(self, now: float) -> bool:
        """Whether what arrives now arrives when it came."""
        return now - self._ticked_at <= HELD_UP_S and now >= self._excused_until
