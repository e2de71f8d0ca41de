"""Bounds how often one source may do something: a token bucket per key.

It neither sleeps nor reads a clock. Its memory is bounded; the key that has been quiet longest is forgotten first.
"""

from collections import OrderedDict

from confserver.errors import TooManyRequests

MOST_KEYS = 10_000


class Pace:
    """`burst` times at once, then `per_s` times a second."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> None:
        """Once more; raises TooManyRequests if that is too often."""
        tokens, since = self._buckets.pop(key, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - since) * self._per_s)
        is_allowed = tokens >= 1.0
        self._buckets[key] = (tokens - 1.0 if is_allowed else tokens, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        if not is_allowed:
            raise TooManyRequests("Too many requests; please wait.", (1.0 - tokens) / self._per_s)
