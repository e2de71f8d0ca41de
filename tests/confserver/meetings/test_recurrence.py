"""Rules of recurrence: read strictly, bounded in what they cost, and of dateutil's mind about the days they name."""

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from confserver.errors import ValidateFailed
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.recurrence import MOST_OCCURRENCES, PARTS, parse_rule
from confserver.meetings.schedule import Occurrence, Schedule
from confserver.validation import parse_values
from tests.confserver.conftest import WEEKLY

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
UTC_ZONE = ZoneInfo("UTC")
MONDAY = datetime(2027, 5, 3, 9, tzinfo=UTC)
NINE_TO_TEN = {"scheduled_start_at": "2027-05-03T07:00:00Z", "scheduled_end_at": "2027-05-03T08:00:00Z"}


def some(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(items, min_size=1, max_size=4, unique=True).map(",".join)


INTERVAL = st.integers(1, 999).map("INTERVAL={}".format)
PLAIN_DAYS = some(st.sampled_from(DAYS)).map("BYDAY={}".format)
NUMBERED_DAYS = some(
    st.builds("{}{}".format, st.integers(-5, 5).filter(bool), st.sampled_from(DAYS)),
).map("BYDAY={}".format)
MONTH_DAYS = some(st.integers(-31, 31).filter(bool).map(str)).map("BYMONTHDAY={}".format)
MONTHS = some(st.integers(1, 12).map(str)).map("BYMONTH={}".format)
PLACES = some(st.integers(-31, 31).filter(bool).map(str)).map("BYSETPOS={}".format)
RULES = st.one_of(
    st.tuples(st.just("FREQ=DAILY"), PLAIN_DAYS | MONTH_DAYS | MONTHS | st.tuples(MONTH_DAYS, MONTHS).map(";".join)),
    st.tuples(st.just("FREQ=WEEKLY"), INTERVAL, PLAIN_DAYS),
    st.tuples(st.just("FREQ=MONTHLY"), INTERVAL, PLAIN_DAYS | NUMBERED_DAYS | MONTH_DAYS),
    st.tuples(st.just("FREQ=MONTHLY"), PLAIN_DAYS, PLACES),
    st.tuples(st.just("FREQ=YEARLY"), INTERVAL, MONTHS, NUMBERED_DAYS | MONTH_DAYS),
).map(";".join)


@settings(max_examples=50, deadline=None)
@given(RULES, st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda day: day.replace(microsecond=0)))
def test_a_rule_names_every_day_that_it_leads_to(text: str, first: datetime) -> None:
    rule = parse_rule(text)
    named = next((first + timedelta(days=day) for day in range(400) if rule.names(first + timedelta(days=day))), None)
    assume(named is not None)
    assert named is not None
    starts = list(rule.local_starts(named, UTC_ZONE))
    assert starts[0] == named
    assert len(starts) <= MOST_OCCURRENCES
    assert all(rule.names(start) and start.time() == named.time() for start in starts)
    assert starts == sorted(set(starts))


@given(st.text(max_size=60) | st.lists(st.sampled_from([*PARTS, "=", ";", ",", "MO", "1", "-1", "DAILY"])).map("".join))
def test_whatever_is_no_rule_is_refused(text: str) -> None:
    with contextlib.suppress(ValidateFailed):
        parse_values(MeetingDefinition, {**WEEKLY, **NINE_TO_TEN, "recurrence": text})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BYDAY=MO",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=1001",
        "FREQ=DAILY;COUNT=2;UNTIL=20280101",
        "FREQ=DAILY;UNTIL=20280230",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYSECOND=1",
        "FREQ=DAILY;BYEASTER=1",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYMONTH=2",
        "FREQ=YEARLY;BYDAY=2MO",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYMONTHDAY=\u0661",
    ],
)
def test_rules_that_no_meeting_needs_are_refused_by_name(text: str) -> None:
    with pytest.raises(ValidateFailed) as refused:
        parse_values(MeetingDefinition, {**WEEKLY, **NINE_TO_TEN, "recurrence": text})
    assert refused.value.detail == "recurrence"
    assert "recurrence" in refused.value.message


def test_a_rule_needs_a_first_time_that_it_names_in_the_meetings_own_zone() -> None:
    for fields in ({}, {"scheduled_start_at": NINE_TO_TEN["scheduled_start_at"]}):
        with pytest.raises(ValidationError, match="needs scheduled_start_at"):
            MeetingDefinition.model_validate({**WEEKLY, **fields, "recurrence": "FREQ=DAILY"})
    late = {"scheduled_start_at": "2027-05-03T22:30:00Z", "scheduled_end_at": "2027-05-03T23:00:00Z"}
    # In Berlin it is Tuesday already.
    for day, is_right in (("MO", False), ("TU", True)):
        fields = {**WEEKLY, **late, "recurrence": f"rrule:freq=weekly;byday={day}"}
        if is_right:
            assert MeetingDefinition.model_validate(fields).recurrence == "FREQ=WEEKLY;BYDAY=TU"
        else:
            with pytest.raises(ValidationError, match="should name the day"):
                MeetingDefinition.model_validate(fields)


def occurrences(text: str, zone: str = "UTC") -> list[Occurrence]:
    start = MONDAY.timestamp()
    return list(Schedule(start, start + 3600, text, zone).occurrences())


def test_until_is_read_in_utc_or_in_the_meetings_zone() -> None:
    assert len(occurrences("FREQ=DAILY;UNTIL=20270505")) == 3
    assert len(occurrences("FREQ=DAILY;UNTIL=20270505T085959Z")) == 2
    # 9:00 UTC is 11:00 in Berlin.
    assert len(occurrences("FREQ=DAILY;UNTIL=20270505T090000", "Europe/Berlin")) == 2
    assert len(occurrences("FREQ=DAILY;UNTIL=20270505T090000Z", "Europe/Berlin")) == 3
    assert len(occurrences("FREQ=DAILY;UNTIL=20200101")) == 1, "the first is always meant"


def test_no_more_than_ten_years_and_a_thousand_times_are_looked_at() -> None:
    assert len(occurrences("FREQ=DAILY")) == MOST_OCCURRENCES
    assert len(occurrences("FREQ=YEARLY")) == 11
    assert len(occurrences("FREQ=DAILY;COUNT=7")) == 7


def test_the_last_second_of_all_is_no_trouble() -> None:
    last = datetime(9999, 12, 30, tzinfo=UTC).timestamp()
    assert Schedule(last, last + 3600, "FREQ=DAILY;COUNT=1", "Pacific/Kiritimati").current(0.0) is not None
