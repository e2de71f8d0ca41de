"""How much of something one peer may do: a token bucket. It drops and counts nothing: whoever asks does."""


class RateLimit:
    """`rate` per second in the long run, `burst` at once; it begins full."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = 0.0

    def allows(self, now: float, cost: float = 1.0) -> bool:
        """Whether `cost` more is allowed at `now` (monotonic seconds); only then is it counted."""
        tokens = self._tokens + (now - self._at) * self._rate
        if tokens > self._burst:
            tokens = self._burst
        self._at = now
        if tokens < cost:
            self._tokens = tokens
            return False
        self._tokens = tokens - cost
        return True
