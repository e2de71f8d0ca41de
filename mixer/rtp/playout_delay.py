"""How late a stream must be played so that nearly all of its packets are there in time.

It knows nothing of packets but when they came and what time the sender wrote on them. Sender and receiver need no
common clock: what is followed is the high percentile of the transit, arrival minus timestamp, whatever its constant
part, so a clock that runs too fast or too slow is followed by the same rule. RFC 3550 section 6.4.1 defines transit.
"""

from collections.abc import Callable

INITIAL_MARGIN_S = 0.010
"""Extra delay before anything is known; a clean network loses it within seconds."""

RISE_LIMIT_S = 0.010
"""One late packet proves no more than this: a single outlier must not cost everybody half a second."""

FALL_SHARE = 0.004
"""Taken back by each early packet. Against RISE_LIMIT_S it settles where some 2 % of packets come too late."""

JUMP_S = 0.5
"""A transit further off than this is not delay: the sender began a new timeline."""


IsTimely = Callable[[float], bool]
"""Whether what arrives at that time has not waited for us before."""


def always(now: float) -> bool:
    """Nobody ever waits for us."""
    return True


class PlayoutDelay:
    """The point of a sender's timeline that should be heard now."""

    __slots__ = ("_clock_rate", "_initial_margin", "_is_timely", "_jump", "_rise_limit", "_transit")

    def __init__(self, clock_rate: int, is_timely: IsTimely = always) -> None:
        self._clock_rate = clock_rate
        self._is_timely = is_timely
        self._initial_margin = INITIAL_MARGIN_S * clock_rate
        self._rise_limit = RISE_LIMIT_S * clock_rate
        self._jump = JUMP_S * clock_rate
        self._transit: float | None = None

    def observe(self, timestamp: int, now: float) -> bool:
        """Take note of an arrival. True if the sender's timeline jumped, so that what came before is void.

        One that is not timely, because we were held up ourselves, proves no delay.
        """
        transit = now * self._clock_rate - timestamp
        if self._transit is None:
            self._transit = transit + self._initial_margin
            return False
        excess = transit - self._transit
        if excess > 0 and not self._is_timely(now):
            return False
        if not -self._jump < excess < self._jump:
            self._transit = transit + self._initial_margin
            return True
        self._transit += min(excess, self._rise_limit) if excess > 0 else excess * FALL_SHARE
        return False

    def due(self, now: float) -> float:
        """The timestamp that should be heard at `now`; minus infinity while nothing has arrived."""
        return float("-inf") if self._transit is None else now * self._clock_rate - self._transit
