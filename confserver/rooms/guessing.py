"""How those who guess PINs are slowed down, and when a meeting is guarded against them.

Sans-IO: times are monotonic seconds. It keeps bounded memories of failures; what they mean for somebody at the door
is decided by `admission`.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass

FIRST_DELAY_S = 1.0
MAX_DELAY_S = 60.0
FORGET_AFTER_S = 600.0
MAX_REMEMBERED = 10_000

GUARD_AFTER = 20
HOST_GUARD_AFTER = 50
GUARD_WINDOW_S = 600.0
"""So many wrong PINs within such a time: at two a minute, a PIN of four digits stands for three days."""


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


class RecentFailures:
    """Which meetings are guessed at, from wherever: `after` failures within `GUARD_WINDOW_S`."""

    def __init__(self, after: int) -> None:
        self._after = after
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def is_guarded(self, meeting: str, now: float) -> bool:
        """Whether there were too many."""
        failures = self._failures.get(meeting)
        return failures is not None and len(failures) == self._after and now - failures[0] < GUARD_WINDOW_S

    def failed(self, meeting: str, now: float) -> None:
        """Note a wrong guess; also while it is guarded, so that who goes on guessing keeps it so."""
        self._failures.setdefault(meeting, deque(maxlen=self._after)).append(now)
        self._failures.move_to_end(meeting)
        if len(self._failures) > MAX_REMEMBERED:
            self._failures.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Guess:
    """A PIN somebody tries on a meeting: from where, and whether the access key lets them try at all.

    `meeting` is its id; a number that belongs to no meeting, `leads_nowhere`, is guessed at just the same.
    """

    meeting: str
    source: str
    has_key: bool
    leads_nowhere: bool = False


class PinGuard:
    """The two budgets: who holds a meeting's access key is delayed by their own failures only, never by strangers.

    A stranger, who knows no more than the meeting's number, is delayed by all failures of their source, whatever the
    meetings, and answers for all strangers of that meeting. All who hold the key answer together for the host's PIN
    only: a link that got into many hands must not be a way to become its host.
    """

    def __init__(self) -> None:
        self._holders = GuessThrottle()
        self._strangers = GuessThrottle()
        self._holders_of = RecentFailures(HOST_GUARD_AFTER)
        self._meetings = RecentFailures(GUARD_AFTER)
        # Apart: else failures at numbers that lead nowhere, of which there is no end, would push a meeting's out.
        self._nowhere = RecentFailures(GUARD_AFTER)

    def is_guarded(self, guess: Guess, now: float) -> bool:
        """Whether no PIN opens this meeting to strangers now."""
        return not guess.has_key and self._recent(guess).is_guarded(guess.meeting, now)

    def guards_host_pin(self, guess: Guess, now: float) -> bool:
        """Whether the host's PIN makes nobody a host now."""
        return self._holders_of.is_guarded(guess.meeting, now)

    def wait_s(self, guess: Guess, now: float) -> float:
        """Seconds until it may be tried."""
        return self._throttle(guess).wait_s(_key(guess), now)

    def failed(self, guess: Guess, now: float) -> float:
        """It was wrong; returns the seconds to wait now."""
        self._recent(guess).failed(guess.meeting, now)
        return self._throttle(guess).failed(_key(guess), now)

    def succeeded(self, guess: Guess) -> None:
        """It was right. A stranger's failures stay: their own meeting's PIN must not buy them guesses at others'."""
        if guess.has_key:
            self._holders.succeeded(_key(guess))

    def _recent(self, guess: Guess) -> RecentFailures:
        if guess.has_key:
            return self._holders_of
        return self._nowhere if guess.leads_nowhere else self._meetings

    def _throttle(self, guess: Guess) -> GuessThrottle:
        return self._holders if guess.has_key else self._strangers


def _key(guess: Guess) -> tuple[str, str]:
    return (guess.meeting if guess.has_key else "", guess.source)
