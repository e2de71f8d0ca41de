"""Growing delays for those who guess PINs. Sans-IO; it keeps a bounded memory of failures and decides nothing else."""

from collections import OrderedDict
from dataclasses import dataclass

FIRST_DELAY_S = 1.0
MAX_DELAY_S = 60.0
FORGET_AFTER_S = 600.0
MAX_REMEMBERED = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    last_at: float


class GuessThrottle:
    """Counts failures per key (a meeting and a source) and says how long the next try must wait.

    The delays are 1, 2, 4 ... 60 s. Of more than `MAX_REMEMBERED` keys the one that failed longest ago is forgotten.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()

    def wait_s(self, key: tuple[str, str], now: float) -> float:
        """Seconds until the key may try again; 0 when at once."""
        failures = self._failures.get(key)
        if failures is None:
            return 0.0
        if now - failures.last_at > FORGET_AFTER_S:
            del self._failures[key]
            return 0.0
        return max(0.0, failures.last_at + self._delay_s(failures.count) - now)

    def failed(self, key: tuple[str, str], now: float) -> float:
        """Note a wrong guess; returns the seconds to wait now."""
        failures = self._failures.setdefault(key, _Failures(0, now))
        failures.count += 1
        failures.last_at = now
        self._failures.move_to_end(key)
        if len(self._failures) > MAX_REMEMBERED:
            self._failures.popitem(last=False)
        return self._delay_s(failures.count)

    def succeeded(self, key: tuple[str, str]) -> None:
        """Forget the key's failures."""
        self._failures.pop(key, None)

    @staticmethod
    def _delay_s(count: int) -> float:
        return float(min(MAX_DELAY_S, FIRST_DELAY_S * 2 ** min(count - 1, 10)))
