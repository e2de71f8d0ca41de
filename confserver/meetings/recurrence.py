"""Rules by which a meeting comes again, read strictly: the RRULE of RFC 5545 section 3.3.10 as far as calendars use it.

It works on local times without a zone (`schedule` knows the zone), and what a rule can cost is bounded: dateutil looks
for an occurrence up to the year 9999, so each frequency takes only parts with which there is always a next one soon.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule, weekday

MOST_OCCURRENCES = 1_000
LOOK_AHEAD = timedelta(days=3_653)
"""No more occurrences than this, and none later than ten years after the first, are ever looked at."""

FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
WEEKDAYS = {"MO": MO, "TU": TU, "WE": WE, "TH": TH, "FR": FR, "SA": SA, "SU": SU}
DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?", re.ASCII)
INTEGER = re.compile(r"[+-]?[0-9]{1,4}", re.ASCII)

ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
SHAPES: Mapping[int, frozenset[str]] = {
    DAILY: ALWAYS | {"BYDAY", "BYMONTHDAY", "BYMONTH"},
    WEEKLY: ALWAYS | {"BYDAY"},
    MONTHLY: ALWAYS | {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
    YEARLY: ALWAYS | {"BYDAY", "BYMONTHDAY", "BYMONTH"},
}
"""Which parts go with which frequency."""


@dataclass(frozen=True, slots=True)
class Until:
    """The last moment at which it may begin; `is_utc`: not in the meeting's own time."""

    at: datetime
    is_utc: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """`by`: the arguments of dateutil's rrule beside start and end."""

    by: Mapping[str, Any]
    count: int = MOST_OCCURRENCES
    until: Until | None = None

    def names(self, day: date) -> bool:
        """Whether this is one of its days, as far as its parts tell."""
        weekdays = self.by.get("byweekday", ())
        return (
            day.month in self.by.get("bymonth", (day.month,))
            and not {day.day, day.day - _length(day) - 1}.isdisjoint(self.by.get("bymonthday", (day.day,)))
            and (not weekdays or any(_is_day(each, day) for each in weekdays))
            and ("bysetpos" not in self.by or not self._places(day).isdisjoint(self.by["bysetpos"]))
        )

    def local_starts(self, first: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Local times without a zone, from `first` on, which is one that the rule `names`."""
        last = min(first, datetime.max - LOOK_AHEAD) + LOOK_AHEAD
        if self.until is not None:
            last = min(last, _local(self.until, zone))
        return islice(rrule(dtstart=first, until=last, **self.by), self.count)

    def _places(self, day: date) -> set[int]:
        """Its place among the month's days of the rule's weekdays, counted from both ends."""
        days = [day.replace(day=number) for number in range(1, _length(day) + 1)]
        named = [each for each in days if any(_is_day(weekday, each) for weekday in self.by.get("byweekday", ()))]
        return {named.index(day) + 1, named.index(day) - len(named)} if day in named else {0}


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _is_day(named: weekday, day: date) -> bool:
    """Whether it is that weekday: any of the month, or its n-th from either end."""
    places = {(day.day - 1) // 7 + 1, -((_length(day) - day.day) // 7 + 1)}
    return day.weekday() == named.weekday and (not named.n or named.n in places)


@lru_cache(maxsize=1024)
def parse_rule(text: str) -> Rule:
    """The rule of `FREQ=WEEKLY;BYDAY=MO`, for example. Raises ValueError with the end of a sentence."""
    parts: dict[str, Any] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name not in PARTS:
            raise ValueError(f"should be made of {', '.join(PARTS)}")
        if name in parts:
            raise ValueError(f"should have {name} once")
        try:
            parts[name] = PARTS[name](value)
        except (ValueError, KeyError):
            raise ValueError(f"has a {name} that is none of RFC 5545, or out of range") from None
    if "FREQ" not in parts:
        raise ValueError("should have a FREQ")
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise ValueError("should not have both COUNT and UNTIL")
    _check_shape(parts)
    count, until = parts.pop("COUNT", MOST_OCCURRENCES), parts.pop("UNTIL", None)
    return Rule(MappingProxyType({ARGUMENTS[name]: value for name, value in parts.items()}), count, until)


def _check_shape(parts: Mapping[str, Any]) -> None:
    frequency = parts["FREQ"]
    if strange := parts.keys() - SHAPES[frequency]:
        raise ValueError(f"should not have {min(strange)} with this FREQ")
    if frequency == DAILY and parts.get("INTERVAL", 1) > 1 and not parts.keys() <= ALWAYS:
        raise ValueError("should not choose among the days of a FREQ=DAILY with an INTERVAL")
    is_numbered = any(day.n for day in parts.get("BYDAY", ()))
    if is_numbered and not (frequency == MONTHLY or (frequency == YEARLY and "BYMONTH" in parts)):
        raise ValueError("should number its BYDAY only within months")
    if "BYSETPOS" in parts and (is_numbered or "BYDAY" not in parts or "BYMONTHDAY" in parts):
        raise ValueError("should use BYSETPOS to choose among plain weekdays")


def _local(until: Until, zone: ZoneInfo) -> datetime:
    if not until.is_utc:
        return until.at
    try:
        return until.at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return until.at


def _integer(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not INTEGER.fullmatch(text) or not low <= int(text) <= high or int(text) == 0:
            raise ValueError
        return int(text)

    return read


def _list(read: Callable[[str], Any], most: int) -> Callable[[str], tuple[Any, ...]]:
    def read_all(text: str) -> tuple[Any, ...]:
        items = text.split(",")
        if len(items) > most:
            raise ValueError
        return tuple(map(read, items))

    return read_all


def _day(text: str) -> weekday:
    match = DAY.fullmatch(text)
    if match is None:
        raise ValueError
    day = WEEKDAYS[match[2]]
    return day(_integer(-5, 5)(match[1])) if match[1] else day


def _until(text: str) -> Until:
    match = UNTIL.fullmatch(text)
    if match is None:
        raise ValueError
    # A day without a time is meant whole.
    return Until(datetime.strptime(match[1] + (match[2] or "235959"), "%Y%m%d%H%M%S"), match[3] == "Z")


PARTS: Mapping[str, Callable[[str], Any]] = {
    "FREQ": FREQUENCIES.__getitem__,
    "INTERVAL": _integer(1, 999),
    "COUNT": _integer(1, MOST_OCCURRENCES),
    "UNTIL": _until,
    "BYDAY": _list(_day, 28),
    "BYMONTHDAY": _list(_integer(-31, 31), 62),
    "BYMONTH": _list(_integer(1, 12), 12),
    "BYSETPOS": _list(_integer(-31, 31), 31),
    "WKST": WEEKDAYS.__getitem__,
}
ARGUMENTS = {
    "FREQ": "freq",
    "INTERVAL": "interval",
    "BYDAY": "byweekday",
    "BYMONTHDAY": "bymonthday",
    "BYMONTH": "bymonth",
    "BYSETPOS": "bysetpos",
    "WKST": "wkst",
}
