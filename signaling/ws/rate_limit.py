"""How often somebody may do something: a token bucket on times that are handed in.

It does not know what is limited, and it never waits.
"""


class RateLimit:
    """`rate` per second in the long run, `burst` at once."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def allows(self, now: float, cost: float = 1.0) -> bool:
        """Whether one more is allowed at `now` (monotonic seconds); if so it counts for as many as it costs."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True
