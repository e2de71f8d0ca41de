"""The life of one meeting: what is due when, and what becomes of it, by the table of `lifecycle`.

Pure: the clocks are an argument. What is written in the calendar follows the wall clock, wherever it is set; how long a
meeting runs is measured by a clock that only runs. Nothing ends twice, as a life only goes on. Named tuples
are quick to make anew: a page of a list has a hundred lives to look at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from confserver.meetings.lifecycle import CLOSED, TABLE, Cause, MeetingState, Next, Step
from confserver.meetings.schedule import Occurrence, Schedule

NEVER = Schedule()
WARNINGS_S = (300, 60)
"""So long before the end those who are in are told of it."""
OVER_AFTER_S = 600.0
"""So long after the last one has left a meeting without an occasion is over."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a meeting's definition says of its life. Durations in seconds, times Unix seconds; None: never."""

    schedule: Schedule = NEVER
    starts_by_host: bool = False
    no_show_s: float | None = None
    closes_on_nobody: bool = False
    ends_with_last_host: bool = False
    max_duration_s: float | None = None
    purge_at: float | None = None


class Life(NamedTuple):
    """How far a meeting has come. Times are Unix seconds.

    `occurrence`: the one that it is about, None for none any more; `schedule_mark`: of the schedule it was taken from;
    `started_at`: when it began to run; `is_begun`: somebody was in, or a host started it, since the occurrence is due;
    `is_started`: a host started it, and it has not ended since; `left_at`: since when nobody is in who was, None once
    it is over; `warned_s`: the last warning that was given; `is_purged`: it is being deleted.
    """

    state: MeetingState = MeetingState.READY
    occurrence: Occurrence | None = None
    schedule_mark: str = ""
    started_at: float | None = None
    is_begun: bool = False
    is_started: bool = False
    left_at: float | None = None
    reason: str | None = None
    warned_s: int | None = None
    is_purged: bool = False

    @property
    def starts_at(self) -> float | None:
        """When the occurrence begins, or began; None for whenever somebody comes."""
        return self.occurrence.start if self.occurrence else None


class Moment(NamedTuple):
    """`wall`: Unix seconds; `run_s`: for how long it has been running, by a clock that nobody sets."""

    wall: float
    run_s: float = 0.0


class Happened(NamedTuple):
    """One step of a life, and how it stands after it."""

    cause: Cause
    step: Step
    life: Life


class Due(NamedTuple):
    """`in_s`: seconds from now, negative when it is late."""

    cause: Cause
    in_s: float


class Impossible(Exception):
    """Nobody can wish this in this state."""

    def __init__(self, state: MeetingState, cause: Cause) -> None:
        super().__init__(f"{state} {cause}")
        self.state = state
        self.cause = cause


def next_due(terms: Terms, life: Life, now: Moment) -> Due | None:
    """What comes next by itself; None for nothing."""
    return min(_dues(terms, life, now), key=lambda due: due.in_s, default=None)


def advance(terms: Terms, life: Life, now: Moment) -> tuple[Happened, ...]:
    """Everything that is due by now, in its order."""
    happened: list[Happened] = []
    while (due := next_due(terms, life, now)) is not None and due.in_s <= 0:
        happened.append(take(terms, life, due.cause, now))
        life = happened[-1].life
    return tuple(happened)


def stand(terms: Terms, life: Life, now: Moment) -> Life:
    """The life as it stands now."""
    happened = advance(terms, life, now)
    return happened[-1].life if happened else life


def take(terms: Terms, life: Life, cause: Cause, now: Moment, reason: str | None = None) -> Happened:
    """One step. `reason`: a host's words. Raises Impossible."""
    step = TABLE[life.state, cause]
    if step is None:
        raise Impossible(life.state, cause)
    if cause in {Cause.MOVED, Cause.RESCHEDULE}:
        life = _replanned(terms, life, now)
    if cause is Cause.START and life.state in CLOSED:
        life = life._replace(occurrence=None)  # its time is past, it runs on without
    after = _next(terms, life, step, now)
    is_running, was_running = after.state is MeetingState.RUNNING, life.state is MeetingState.RUNNING
    is_begun = after.is_begun or is_running or cause is Cause.START
    warned_s = _warned(terms, life, now) if cause is Cause.WARNING_DUE else after.warned_s
    return Happened(
        cause,
        step,
        after._replace(
            started_at=(life.started_at if was_running else now.wall) if is_running else None,
            is_begun=is_begun and after.state is not MeetingState.SCHEDULED,
            is_started=(after.is_started or cause is Cause.START) and after.state not in CLOSED,
            left_at=_left_at(life, after.state, cause, now),
            reason=reason or (None if cause is Cause.START else life.reason),
            warned_s=warned_s if is_running else None,
            is_purged=life.is_purged or cause is Cause.PURGE_DUE,
        ),
    )


def ends_in(terms: Terms, life: Life, now: Moment) -> Due | None:
    """When a meeting that runs ends by itself; None for never."""
    return min(_ends(terms, life, now), key=lambda due: due.in_s, default=None)


def _dues(terms: Terms, life: Life, now: Moment) -> Iterator[Due]:
    if life.schedule_mark != terms.schedule.mark:
        yield Due(Cause.MOVED, -inf)
    if terms.purge_at is not None and not life.is_purged:
        yield Due(Cause.PURGE_DUE, terms.purge_at - now.wall)
    if life.state in CLOSED:
        return
    ends = tuple(_ends(terms, life, now))
    yield from ends
    start = life.starts_at
    if life.state is MeetingState.RUNNING:
        told_s = inf if life.warned_s is None else life.warned_s
        warnings = (before_s for before_s in WARNINGS_S if before_s < told_s)
        yield from (Due(Cause.WARNING_DUE, end.in_s - before_s) for before_s in warnings for end in ends)
    elif start is not None and life.state is MeetingState.SCHEDULED:
        yield Due(Cause.START_DUE, start - now.wall)
    elif start is not None and terms.no_show_s is not None and not life.is_begun:
        yield Due(Cause.NO_SHOW_DUE, start + terms.no_show_s - now.wall)
    elif life.occurrence is None and life.left_at is not None:
        yield Due(Cause.QUIET_DUE, life.left_at + OVER_AFTER_S - now.wall)


def _ends(terms: Terms, life: Life, now: Moment) -> Iterator[Due]:
    if life.occurrence and life.occurrence.end is not None:
        yield Due(Cause.END_DUE, life.occurrence.end - now.wall)
    if life.state is MeetingState.RUNNING and terms.max_duration_s is not None:
        yield Due(Cause.DURATION_DUE, terms.max_duration_s - now.run_s)


def _left_at(life: Life, state: MeetingState, cause: Cause, now: Moment) -> float | None:
    if state is MeetingState.RUNNING or state in CLOSED or cause is Cause.QUIET_DUE:
        return None
    return now.wall if life.state is MeetingState.RUNNING else life.left_at


def _warned(terms: Terms, life: Life, now: Moment) -> int:
    """The shortest of the warnings that are due: of several that come at once one is given."""
    end = ends_in(terms, life, now)
    left_s = end.in_s if end else 0.0
    return min((before_s for before_s in WARNINGS_S if before_s >= left_s), default=min(WARNINGS_S))


def _replanned(terms: Terms, life: Life, now: Moment) -> Life:
    return life._replace(
        occurrence=terms.schedule.current(now.wall),
        schedule_mark=terms.schedule.mark,
        is_begun=False,
        is_started=life.is_started and life.state is MeetingState.RUNNING,
        warned_s=None,
    )


def _next(terms: Terms, life: Life, step: Step, now: Moment) -> Life:
    """The life in the step's next state."""
    match step.next:
        case Next.STAY:
            return life
        case Next.REST:
            return _at_rest(terms, life, now)
        case Next.OVER:
            has_come = life.occurrence is None or (life.occurrence.start or -inf) <= now.wall
            is_for_once = terms.closes_on_nobody or terms.schedule.is_set
            is_over = is_for_once and has_come
            return (
                _ended(terms, life, MeetingState.ENDED, now)
                if is_over
                else _at_rest(terms, life._replace(is_started=False), now)
            )
        case Next.ENDED:
            return _ended(terms, life, MeetingState.ENDED, now)
        case Next.EXPIRED:
            return _ended(terms, life, MeetingState.EXPIRED, now)
        case MeetingState():
            return life._replace(state=step.next)


def _at_rest(terms: Terms, life: Life, now: Moment) -> Life:
    if life.is_started:
        return life._replace(state=MeetingState.READY)
    if life.occurrence and life.occurrence.start is not None and now.wall < life.occurrence.start:
        return life._replace(state=MeetingState.SCHEDULED)
    return life._replace(state=MeetingState.WAITING_FOR_HOST if terms.starts_by_host else MeetingState.READY)


def _ended(terms: Terms, life: Life, state: MeetingState, now: Moment) -> Life:
    """Over, or about the next occurrence from now on."""
    following = terms.schedule.after(life.occurrence, now.wall)
    if following is None:
        return life._replace(state=state)
    return _at_rest(terms, life._replace(occurrence=following, is_begun=False, is_started=False), now)
