"""The values a meeting's fields may take, each as a type that validates itself.

It knows single values, not how they go together (`confserver.meetings.definition`). Times are RFC 3339, languages
BCP 47 (RFC 5646 section 2.1), time zones IANA names.
"""

import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from confserver.meetings.recurrence import parse_rule
from mixer.capabilities import MAX_CELLS

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)
E_MAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]{1,255}")


class Mode(StrEnum):
    """Whether there are pictures."""

    AUDIO = "AUDIO"
    VIDEO = "VIDEO"


class Control(StrEnum):
    """FREE: anyone may speak and present; MASTER: the host gives the floor."""

    FREE = "FREE"
    MASTER = "MASTER"


class Layout(StrEnum):
    """How many cells a viewer sees; LAYOUT0: as many as there are people, at most nine."""

    LAYOUT0 = "LAYOUT0"
    LAYOUT1 = "LAYOUT1"
    LAYOUT2 = "LAYOUT2"
    LAYOUT3 = "LAYOUT3"
    LAYOUT4 = "LAYOUT4"
    LAYOUT6 = "LAYOUT6"
    LAYOUT9 = "LAYOUT9"

    @property
    def cells(self) -> int:
        """The largest number of pictures a viewer gets, 1 to 9."""
        return int(self.removeprefix("LAYOUT")) or MAX_CELLS


class StartBy(StrEnum):
    """Who may be the first in the room."""

    ANYONE = "ANYONE"
    HOST = "HOST"


class WaitingRoom(StrEnum):
    """Who waits until a host lets them in."""

    OFF = "OFF"
    GUESTS = "GUESTS"
    ALL = "ALL"


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_time_zone(value: str) -> str:
    if value not in _time_zones():
        raise ValueError("should be an IANA time zone such as Europe/Berlin")
    return value


def _rfc_3339(value: object) -> object:
    if isinstance(value, str) and not RFC_3339.fullmatch(value):
        raise ValueError("should be an RFC 3339 time with its offset, such as 2026-05-04T09:30:00Z")
    if not isinstance(value, str | datetime):
        raise ValueError("should be a string")
    return value


def _whole_second(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("should be a time of the years 1 to 9999") from None


def time_at(at: float | None) -> datetime | None:
    """Unix seconds as a time in UTC."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


def render_time(value: datetime) -> str:
    """As the API writes a time in UTC."""
    # Not by strftime, which writes the year 999 in three digits.
    return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


LINE_BREAKERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, and the ends of lines and paragraphs that are none: categories Cc, Zl and Zp of Unicode."""


def one_line(text: str) -> str:
    """What stands on one line of an invitation, a header or a log stays on it."""
    if LINE_BREAKERS.search(text):
        raise ValueError("should not contain control characters or line ends")
    return text


def _e_mail_addresses(value: str) -> str:
    for address in filter(None, re.split(r"[,;\s]+", value)):
        if not E_MAIL.fullmatch(address):
            raise ValueError("should be e-mail addresses, separated by commas")
    return value


def _recurrence(value: str) -> str:
    parse_rule(value)
    return value.upper().removeprefix("RRULE:")


def _json_text(value: str) -> str:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError("should be a string that holds JSON") from None
    return value


Subject = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(one_line)
]
Pin = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,6}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
Time = Annotated[
    AwareDatetime,
    BeforeValidator(_rfc_3339),
    AfterValidator(_whole_second),
    PlainSerializer(render_time, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-05-04T09:30:00Z"]}),
]
InviteeIds = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=64)], ...], Field(max_length=200), FailFast()
]
EMailAddresses = Annotated[str, StringConstraints(max_length=8192), AfterValidator(_e_mail_addresses)]
JsonText = Annotated[str, StringConstraints(max_length=16_384), AfterValidator(_json_text)]
Recurrence = Annotated[str, StringConstraints(max_length=200), AfterValidator(_recurrence)]
ExtensionNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,64}$")]
Flag = Annotated[bool, Field(strict=True)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=44_640)]


class OutboundCallerId(BaseModel):
    """What a called telephone shows when the meeting calls through a provider."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    caller_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    description: Annotated[str, StringConstraints(max_length=1024)] | None = None
