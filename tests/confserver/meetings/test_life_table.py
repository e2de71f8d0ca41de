"""The table of a meeting's life, walked over its whole product, and what its entries mean for every kind of meeting."""

from dataclasses import replace
from itertools import product

import pytest

from confserver.meetings.life import OVER_AFTER_S, Impossible, Life, Moment, Terms, advance, stand, take
from confserver.meetings.lifecycle import CLOSED, TABLE, Act, Cause, MeetingState
from confserver.meetings.schedule import Occurrence, Schedule
from signaling.ports import EndReason

START, END = 1_000_000.0, 1_003_600.0
ONCE = Schedule(START, END)
WEEKLY = Schedule(START, END, "FREQ=WEEKLY;COUNT=3", "UTC")
WEEK_S = 7 * 86_400.0
OFFICE = Terms(ONCE, no_show_s=1800.0)
CLOCK = {cause for cause in Cause if cause.value.endswith("_due")} - {Cause.PURGE_DUE}
TERMS = [
    Terms(schedule, starts_by_host, 1800.0, closes_on_nobody)
    for schedule, starts_by_host, closes_on_nobody in product((Schedule(), ONCE, WEEKLY), (False, True), (False, True))
]


def at(wall: float, run_s: float = 0.0) -> Moment:
    return Moment(wall, run_s)


def begun(terms: Terms, now: float) -> Life:
    """A life as the clock alone has made it."""
    return stand(terms, Life(), at(now))


def after(terms: Terms, life: Life, *causes: Cause, now: float) -> Life:
    for cause in causes:
        life = take(terms, life, cause, at(now)).life
    return life


def test_there_is_an_entry_for_every_state_and_cause() -> None:
    assert TABLE.keys() == set(product(MeetingState, Cause))


@pytest.mark.parametrize(("state", "cause"), list(TABLE))
def test_every_entry_leads_somewhere_that_makes_sense(state: MeetingState, cause: Cause) -> None:
    step = TABLE[state, cause]
    for terms, now in product(TERMS, (START - 60, START + 60, END + 60)):
        started_at = now if state is MeetingState.RUNNING else None
        life = begun(terms, START - 3600)._replace(state=state, started_at=started_at)
        if step is None:
            assert cause in {Cause.START, Cause.STOP, Cause.CANCEL, Cause.RESCHEDULE}
            with pytest.raises(Impossible):
                take(terms, life, cause, at(now))
            continue
        then = take(terms, life, cause, at(now)).life
        assert (then.state is MeetingState.RUNNING) == (then.started_at is not None)
        if then.state is MeetingState.RUNNING:
            assert state is MeetingState.RUNNING or cause is Cause.ENTERED
        if state in CLOSED and then.state not in CLOSED:
            assert cause in {Cause.MOVED, Cause.START, Cause.RESCHEDULE}
        if state in CLOSED and cause in CLOCK:
            assert step.act is None
            assert then == life
        if then.state is MeetingState.SCHEDULED is not state:
            assert then.occurrence is not None
            assert then.occurrence.start is not None
            assert then.occurrence.start > now
        if step.act is Act.END_ROOM:
            assert step.reason is not None
            assert then.state is not MeetingState.RUNNING


def test_a_scheduled_meeting_begins_runs_and_ends() -> None:
    life = begun(OFFICE, START - 1)
    assert life.state is MeetingState.SCHEDULED
    life = stand(OFFICE, life, at(START))
    assert life.state is MeetingState.READY
    life = after(OFFICE, life, Cause.ENTERED, now=START + 5)
    assert (life.state, life.started_at) == (MeetingState.RUNNING, START + 5)
    assert stand(OFFICE, life, at(END - 1)).state is MeetingState.RUNNING
    assert stand(OFFICE, life, at(END)).state is MeetingState.ENDED


def test_a_meeting_that_nobody_joined_expires_half_an_hour_after_its_start() -> None:
    life = begun(OFFICE, START)
    assert stand(OFFICE, life, at(START + 1799)).state is MeetingState.READY
    assert stand(OFFICE, life, at(START + 1800)).state is MeetingState.EXPIRED
    somebody_was_in = after(OFFICE, life, Cause.ENTERED, Cause.EMPTIED, now=START + 60)
    assert stand(OFFICE, somebody_was_in, at(START + 1800)).state is MeetingState.READY


def test_who_looks_in_before_the_start_and_goes_again_ends_nothing() -> None:
    terms = replace(OFFICE, closes_on_nobody=True)
    life = after(terms, begun(terms, START - 600), Cause.ENTERED, now=START - 600)
    for cause in (Cause.EMPTIED_FOR_GOOD, Cause.FINISHED, Cause.DESERTED):
        then = after(terms, life, cause, now=START - 300)
        assert then.state is MeetingState.SCHEDULED
        assert stand(terms, then, at(START + 1800)).state is MeetingState.EXPIRED


def test_close_on_nobody_closes_with_the_last_one() -> None:
    for terms in (Terms(closes_on_nobody=True), replace(OFFICE, closes_on_nobody=True)):
        life = after(terms, begun(terms, START), Cause.ENTERED, Cause.EMPTIED_FOR_GOOD, now=START + 60)
        assert life.state is MeetingState.ENDED


def test_what_is_for_no_occasion_can_be_used_again_after_every_end() -> None:
    terms = Terms(max_duration_s=600.0)
    for cause in (Cause.FINISHED, Cause.DESERTED, Cause.DURATION_DUE, Cause.EMPTIED):
        assert after(terms, begun(terms, START), Cause.ENTERED, cause, now=START).state is MeetingState.READY


def test_a_host_ends_an_appointment_for_good_and_may_open_it_again() -> None:
    life = after(OFFICE, begun(OFFICE, START), Cause.ENTERED, Cause.FINISHED, now=START + 60)
    assert life.state is MeetingState.ENDED
    again = after(OFFICE, life, Cause.START, now=END + 60)
    assert stand(OFFICE, again, at(END + 7200)).state is MeetingState.READY
    over = after(OFFICE, again, Cause.ENTERED, Cause.FINISHED, now=END + 60)
    assert over.state is MeetingState.ENDED


def test_guests_wait_for_the_host_until_one_comes_or_opens_it() -> None:
    terms = Terms(starts_by_host=True)
    life = begun(terms, START)
    assert life.state is MeetingState.WAITING_FOR_HOST
    assert after(terms, life, Cause.START, now=START).state is MeetingState.READY
    assert after(terms, life, Cause.ENTERED, now=START).state is MeetingState.RUNNING
    assert after(terms, life, Cause.ENTERED, Cause.EMPTIED, now=START).state is MeetingState.WAITING_FOR_HOST


@pytest.mark.parametrize("terms", TERMS)
def test_started_is_a_meeting_from_its_start_to_its_end(terms: Terms) -> None:
    life = begun(terms, START)
    started = after(terms, life, Cause.START, now=START)
    again = after(terms, started, Cause.ENTERED, Cause.EMPTIED, now=START + 60)
    assert (life.is_started, started.is_started, again.is_started) == (False, True, True)
    assert again.state is MeetingState.READY
    assert stand(terms, again, at(START + 120)) == again
    in_it = after(terms, started, Cause.ENTERED, now=START + 60)
    for running, cause in product((started, in_it), (Cause.STOP, Cause.CANCEL)):
        assert not after(terms, running, cause, now=START + 60).is_started
    for cause in (Cause.FINISHED, Cause.DESERTED, Cause.EMPTIED_FOR_GOOD, Cause.DURATION_DUE, Cause.END_DUE):
        assert not after(terms, in_it, cause, now=START + 60).is_started


def test_what_is_for_no_occasion_is_over_once_ten_minutes_after_the_last_one_left() -> None:
    terms = Terms(starts_by_host=True)
    life = after(terms, begun(terms, START), Cause.START, Cause.ENTERED, Cause.EMPTIED, now=START)
    assert advance(terms, life, at(START + OVER_AFTER_S - 1)) == ()
    (happened,) = advance(terms, life, at(START + OVER_AFTER_S))
    assert happened.step.act is Act.FORGET
    assert (happened.life.state, happened.life.is_started) == (MeetingState.WAITING_FOR_HOST, False)
    assert advance(terms, happened.life, at(START + 9 * OVER_AFTER_S)) == ()
    back = after(terms, life, Cause.ENTERED, now=START + 60)
    assert advance(terms, back, at(START + 9 * OVER_AFTER_S)) == ()


def test_an_appointment_that_was_opened_again_is_ended_when_everybody_has_gone() -> None:
    over = stand(OFFICE, begun(OFFICE, START), at(END))
    again = after(OFFICE, over, Cause.START, Cause.ENTERED, Cause.EMPTIED, now=END + 60)
    assert again.state is MeetingState.READY
    assert stand(OFFICE, again, at(END + 60 + OVER_AFTER_S)).state is MeetingState.ENDED


@pytest.mark.parametrize("cause", [Cause.NO_SHOW_DUE, Cause.END_DUE, Cause.STOP, Cause.FINISHED])
def test_what_repeats_is_scheduled_again_until_its_last_time(cause: Cause) -> None:
    terms = Terms(WEEKLY, no_show_s=1800.0)
    life = begun(terms, START)
    for week in range(3):
        now = START + week * WEEK_S + 1800
        life = stand(terms, life, at(now - 1800))
        if cause is Cause.FINISHED:
            life = after(terms, life, Cause.ENTERED, now=now - 60)
        assert life.occurrence == Occurrence(START + week * WEEK_S, END + week * WEEK_S)
        life = after(terms, life, cause, now=now)
        is_last = week == 2
        assert life.state is (MeetingState.SCHEDULED if not is_last else life.state)
        assert is_last == (life.state in CLOSED)


def test_cancelled_is_told_why_and_rescheduled_revives() -> None:
    life = take(OFFICE, begun(OFFICE, START - 60), Cause.CANCEL, at(START - 60), "The speaker is ill").life
    assert (life.state, life.reason) == (MeetingState.CANCELLED, "The speaker is ill")
    assert stand(OFFICE, life, at(END + 60)) == life
    later = replace(OFFICE, schedule=Schedule(START + WEEK_S, END + WEEK_S))
    # An edit alone does not revive what was called off.
    assert stand(later, life, at(START)).state is MeetingState.CANCELLED
    life = take(later, life, Cause.RESCHEDULE, at(START), "She is well again").life
    assert (life.state, life.reason) == (MeetingState.SCHEDULED, "She is well again")
    assert stand(later, life, at(START + WEEK_S)).state is MeetingState.READY


def test_an_edited_schedule_moves_what_is_over_but_throws_nobody_out() -> None:
    over = stand(OFFICE, begun(OFFICE, START), at(END))
    assert over.state is MeetingState.EXPIRED
    longer = replace(OFFICE, schedule=Schedule(START + WEEK_S, None))
    assert stand(longer, over, at(END)).state is MeetingState.SCHEDULED
    running = after(OFFICE, begun(OFFICE, START), Cause.ENTERED, now=START)
    assert stand(longer, running, at(END)).state is MeetingState.RUNNING


def test_purged_from_every_state_once() -> None:
    terms = Terms(purge_at=START)
    for state in MeetingState:
        life = begun(terms, START - 1)._replace(state=state)
        happened = take(terms, life, Cause.PURGE_DUE, at(START))
        assert (happened.step.act, happened.life.state) == (Act.DELETE, MeetingState.ENDED)
        assert stand(terms, happened.life, at(START + 60)) == happened.life


def test_those_who_are_in_are_told_why_it_ends() -> None:
    reasons = {
        Cause.END_DUE: EndReason.TIME_UP,
        Cause.DURATION_DUE: EndReason.TIME_UP,
        Cause.DESERTED: EndReason.HOST_LEFT,
        Cause.CANCEL: EndReason.CANCELLED,
        Cause.STOP: EndReason.ENDED,
    }
    for cause, reason in reasons.items():
        step = TABLE[MeetingState.RUNNING, cause]
        assert step is not None
        assert (step.act, step.reason) == (Act.END_ROOM, reason)
