"""When a meeting is meant to be: once, or again and again by a rule, at the same hour of its own time zone.

Times are Unix seconds. A local time that does not exist, or exists twice, is read as RFC 5545 section 3.3.5 says: with
the offset before the gap, and the first of the two. It knows nothing of what happened (`life` does).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from confserver.meetings.recurrence import parse_rule


class Occurrence(NamedTuple):
    """One time that a meeting is meant to be; either end may be open, not both."""

    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """`start` and `end` are those of the first occurrence; a `rule` needs both.

    `mark` tells this schedule from another one; not empty.
    """

    start: float | None = None
    end: float | None = None
    rule: str | None = None
    timezone: str = "UTC"
    mark: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked for again and again, by every look at a life.
        object.__setattr__(self, "mark", sha256(repr(self).encode()).hexdigest()[:16])

    @property
    def is_set(self) -> bool:
        """Whether the meeting is meant for any time at all, and not for ever."""
        return self.start is not None or self.end is not None

    def occurrences(self) -> Iterator[Occurrence]:
        """All of them, in their order; at most `recurrence.MOST_OCCURRENCES`."""
        if self.rule is None or self.start is None or self.end is None:
            if self.is_set:
                yield Occurrence(self.start, self.end)
            return
        lasts_s = self.end - self.start
        for start in _starts(self.rule, self.start, self.timezone):
            yield Occurrence(start, start + lasts_s)

    def current(self, now: float) -> Occurrence | None:
        """The first that is not over; else the last one; None without a schedule."""
        last = None
        for last in self.occurrences():
            if last.end is None or last.end > now:
                break
        return last

    def after(self, occurrence: Occurrence | None, now: float) -> Occurrence | None:
        """The first that begins later than this one and is not over; None when it was the last."""
        if self.rule is None or occurrence is None or occurrence.start is None:
            return None
        for later in self.occurrences():
            if later.start is not None and later.end is not None and later.start > occurrence.start and later.end > now:
                return later
        return None


def begins_by_rule(rule: str, start: datetime, timezone: str) -> bool:
    """Whether the rule names the day of this start. Raises ValueError for a rule that is none."""
    return parse_rule(rule).names(_local(start.timestamp(), ZoneInfo(timezone)))


def _local(at: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)


def _starts(rule: str, first: float, timezone: str) -> Iterator[float]:
    zone = ZoneInfo(timezone)
    yield first
    for local in parse_rule(rule).local_starts(_local(first, zone), zone):
        start = local.replace(tzinfo=zone).astimezone(UTC).timestamp()
        if start > first:
            yield start
