"""Makes guessing slow: after a few failures each further attempt has to wait, twice as long every time.

It neither sleeps nor reads a clock, and does not know what is guessed. Its memory is bounded; the key that has been
quiet longest is forgotten first.
"""

from collections import OrderedDict
from dataclasses import dataclass

from confserver.errors import TooManyRequests

MOST_KEYS = 10_000
FORGET_AFTER_S = 900.0


@dataclass(slots=True)
class _Failures:
    count: int
    free_at: float
    last_at: float


class Attempts:
    """Failures by key. The first `free` are followed by no wait; then 1 s, 2 s, 4 s, up to `longest_wait_s`."""

    def __init__(self, free: int, longest_wait_s: float) -> None:
        self._free = free
        self._longest_wait_s = longest_wait_s
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def begin(self, key: str, now: float) -> None:
        """Counts an attempt as failed until `succeeded` says otherwise, so that many at once gain nothing.

        Raises TooManyRequests while the key has to wait; such an attempt is not counted.
        """
        self.check(key, now)
        failures = self._failures.pop(key, None)
        if failures is None or now - failures.last_at > FORGET_AFTER_S:
            failures = _Failures(0, now, now)
        self._failures[key] = failures
        if len(self._failures) > MOST_KEYS:
            self._failures.popitem(last=False)
        failures.count += 1
        failures.last_at = now
        failures.free_at = now + self._wait_s(failures.count)

    def check(self, key: str, now: float) -> None:
        """Raises TooManyRequests while the key has to wait; counts nothing."""
        failures = self._failures.get(key)
        if failures is not None and now < failures.free_at:
            raise TooManyRequests("Too many attempts; please wait.", failures.free_at - now)

    def succeeded(self, key: str) -> None:
        """The attempt was right: the key starts anew."""
        self._failures.pop(key, None)

    def _wait_s(self, count: int) -> float:
        """Bounded in the exponent too: a patient guesser may fail thousands of times."""
        beyond = count - self._free
        return min(self._longest_wait_s, 2.0 ** min(beyond - 1, 30)) if beyond > 0 else 0.0
