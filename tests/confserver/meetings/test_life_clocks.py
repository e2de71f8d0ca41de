"""Meetings under clocks that are set forward and back: nothing ends twice, nothing is missed, warnings come once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from confserver.meetings.life import Happened, Impossible, Life, Moment, Terms, advance, ends_in, next_due, stand, take
from confserver.meetings.lifecycle import CLOSED, Act, Cause, MeetingState
from confserver.meetings.schedule import Schedule

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
CHANGE = {  # the Saturday before each changes its offset, twice
    "Europe/Berlin": (datetime(2027, 3, 27), datetime(2027, 10, 30)),
    "America/New_York": (datetime(2027, 3, 13), datetime(2027, 11, 6)),
    "Australia/Lord_Howe": (datetime(2027, 4, 3), datetime(2027, 10, 2)),
}
HOUR_S = 3600.0
RULES = (None, "FREQ=DAILY;COUNT=4", "FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=2;COUNT=3")


class LifeUnderClocks(RuleBasedStateMachine):
    """One meeting near a change of summer time, used and abused while both clocks go as they like."""

    @initialize(
        zone=st.sampled_from(ZONES),
        spring=st.booleans(),
        hour=st.integers(0, 23),
        rule_=st.sampled_from(RULES),
        lasts_h=st.integers(1, 30),
        by_host=st.booleans(),
        max_minutes=st.none() | st.integers(1, 90),
    )
    def begin(
        self,
        zone: str,
        spring: bool,
        hour: int,
        rule_: str | None,
        lasts_h: int,
        by_host: bool,
        max_minutes: int | None,
    ) -> None:
        local = CHANGE[zone][0 if spring else 1] + timedelta(hours=hour)
        start = local.replace(tzinfo=ZoneInfo(zone)).timestamp()
        self.terms = Terms(
            Schedule(start, start + lasts_h * HOUR_S, rule_, zone),
            by_host,
            no_show_s=1800.0,
            max_duration_s=max_minutes and max_minutes * 60.0,
        )
        self.wall, self.mono, self.began = start - HOUR_S, 0.0, 0.0
        self.life = Life()
        self.ends: list[tuple[float | None, Cause]] = []
        self.look()

    @property
    def now(self) -> Moment:
        return Moment(self.wall, self.mono - self.began if self.life.state is MeetingState.RUNNING else 0.0)

    def note(self, *happened: Happened) -> None:
        for each in happened:
            if self.life.state is not MeetingState.RUNNING and each.life.state is MeetingState.RUNNING:
                self.began = self.mono
            before, self.life = self.life, each.life
            if each.cause in {Cause.END_DUE, Cause.NO_SHOW_DUE}:
                assert before.occurrence is not None
                ended = (before.occurrence.start, Cause.END_DUE)
                assert ended not in self.ends, "it ended twice"
                self.ends.append(ended)
            if each.cause is Cause.RESCHEDULE or (each.cause is Cause.START and before.state in CLOSED):
                self.ends.clear()
            elif each.cause is not Cause.MOVED and before.occurrence and self.life.occurrence:
                assert (self.life.occurrence.start or 0) >= (before.occurrence.start or 0), "time went back"

    def look(self) -> None:
        self.note(*advance(self.terms, self.life, self.now))

    @rule(seconds=st.floats(1, 3 * 86_400))
    def time_passes(self, seconds: float) -> None:
        self.wall, self.mono = self.wall + seconds, self.mono + seconds
        self.look()

    @rule(seconds=st.floats(-2 * 86_400, 30 * 86_400))
    def clock_is_set(self, seconds: float) -> None:
        self.wall += seconds
        self.look()

    @rule(cause=st.sampled_from([Cause.ENTERED, Cause.EMPTIED, Cause.DESERTED, Cause.FINISHED]))
    def people(self, cause: Cause) -> None:
        assume(cause is not Cause.ENTERED or self.life.state not in CLOSED)
        self.note(take(self.terms, self.life, cause, self.now))
        self.look()

    @rule(cause=st.sampled_from([Cause.START, Cause.STOP, Cause.CANCEL]))
    def host(self, cause: Cause) -> None:
        try:
            self.note(take(self.terms, self.life, cause, self.now, "because"))
        except Impossible:
            assert self.life.state in CLOSED
        self.look()

    @precondition(lambda self: self.life.state is not MeetingState.RUNNING)
    @rule(later_h=st.integers(1, 48))
    def reschedule(self, later_h: int) -> None:
        start = self.wall + later_h * HOUR_S
        schedule = replace(self.terms.schedule, start=start, end=start + HOUR_S, rule=None)
        self.terms = replace(self.terms, schedule=schedule)
        self.note(take(self.terms, self.life, Cause.RESCHEDULE, self.now, "later"))
        assert self.life.state is MeetingState.SCHEDULED
        self.look()

    @invariant()
    def nothing_is_missed(self) -> None:
        if not hasattr(self, "life"):
            return
        due = next_due(self.terms, self.life, self.now)
        assert due is None or due.in_s > 0
        assert advance(self.terms, self.life, self.now) == ()
        end = self.life.occurrence.end if self.life.occurrence else None
        if self.life.state not in CLOSED:
            assert end is None or self.wall < end
        if self.life.state is MeetingState.RUNNING and self.terms.max_duration_s is not None:
            assert self.now.run_s < self.terms.max_duration_s


TestLife = LifeUnderClocks.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("change", [0, 1])
def test_what_repeats_keeps_its_hour_over_a_change_of_summer_time(zone: str, change: int) -> None:
    tz = ZoneInfo(zone)
    local = CHANGE[zone][change] + timedelta(hours=9)
    start = local.replace(tzinfo=tz).timestamp()
    schedule = Schedule(start, start + HOUR_S, "FREQ=DAILY;COUNT=3", zone)
    times = [datetime.fromtimestamp(each.start or 0, tz).replace(tzinfo=None) for each in schedule.occurrences()]
    assert times == [local + timedelta(days=day) for day in range(3)]
    starts = [each.start or 0 for each in schedule.occurrences()]
    assert {later - earlier for earlier, later in pairwise(starts)} != {86_400.0}, "the offset has changed in between"


def test_an_hour_that_does_not_exist_is_read_with_the_offset_before_the_gap() -> None:
    tz = ZoneInfo("Europe/Berlin")
    start = datetime(2027, 3, 27, 2, 30, tzinfo=tz).timestamp()
    schedule = Schedule(start, start + HOUR_S, "FREQ=DAILY;COUNT=3", "Europe/Berlin")
    hours = [datetime.fromtimestamp(each.start or 0, tz).strftime("%d %H:%M") for each in schedule.occurrences()]
    assert hours == ["27 02:30", "28 03:30", "29 02:30"]


def test_an_hour_that_comes_twice_is_met_once() -> None:
    tz = ZoneInfo("Europe/Berlin")
    for fold in (0, 1):
        start = datetime(2027, 10, 31, 2, 30, fold=fold, tzinfo=tz).timestamp()
        schedule = Schedule(start, start + HOUR_S, "FREQ=DAILY;COUNT=3", "Europe/Berlin")
        starts = [each.start for each in schedule.occurrences()]
        assert starts[0] == start
        assert [datetime.fromtimestamp(each or 0, tz).day for each in starts] == [31, 1, 2]


def test_a_clock_that_is_set_back_does_not_lengthen_a_meeting_of_limited_length() -> None:
    terms = Terms(max_duration_s=600.0)
    life = take(terms, stand(terms, Life(), Moment(1e9)), Cause.ENTERED, Moment(1e9)).life
    assert stand(terms, life, Moment(1e9 - 86_400, run_s=599.0)).state is MeetingState.RUNNING
    assert stand(terms, life, Moment(1e9 - 86_400, run_s=600.0)).state is MeetingState.READY
    assert stand(terms, life, Moment(1e9 + 86_400, run_s=60.0)).state is MeetingState.RUNNING


def test_the_end_is_told_five_minutes_and_one_minute_before() -> None:
    start = datetime(2027, 5, 4, 9, tzinfo=UTC).timestamp()
    terms = Terms(Schedule(start, start + HOUR_S))
    life = take(terms, stand(terms, Life(), Moment(start)), Cause.ENTERED, Moment(start)).life
    told = []
    for second in range(int(HOUR_S) + 10):
        now = Moment(start + second, run_s=second)
        for happened in advance(terms, life, now):
            end = ends_in(terms, life, now)
            life = happened.life
            told.append((happened.cause, happened.step.act, end and end.in_s))
    assert told == [
        (Cause.WARNING_DUE, Act.WARN, 300.0),
        (Cause.WARNING_DUE, Act.WARN, 60.0),
        (Cause.END_DUE, Act.END_ROOM, 0.0),
    ]


def test_who_comes_in_the_last_minute_is_told_once() -> None:
    terms = Terms(max_duration_s=30.0)
    life = take(terms, stand(terms, Life(), Moment(1e9)), Cause.ENTERED, Moment(1e9)).life
    assert [each.cause for each in advance(terms, life, Moment(1e9))] == [Cause.WARNING_DUE]
