"""When a meeting is, and that it is not: `cancel`, `reschedule`, `start`, `stop`, `occurrences`, and `/user/room`.

What each does to a meeting is in `confserver.meetings.lifecycle`.
"""

import time
from itertools import islice
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from confserver.api.context import Call
from confserver.api.meeting_answers import MeetingDetail, meeting_detail
from confserver.api.operation import Operation
from confserver.errors import Conflict
from confserver.meetings.fields import Time, one_line, time_at
from confserver.meetings.life import Life
from confserver.meetings.lifecycle import Cause, MeetingState
from confserver.meetings.meeting import Meeting
from confserver.meetings.terms import schedule_of

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(one_line)
]


class Body(BaseModel):
    """What the bodies share."""

    model_config = ConfigDict(extra="forbid")


class CancelBody(Body):
    """Why there will be no meeting."""

    reason: Reason


class RescheduleBody(Body):
    """Why the meeting is at another time, and when."""

    reason: Reason
    scheduled_start_at: Time
    scheduled_end_at: Time | None = None


class OccurrencesQuery(Body):
    """How many."""

    top: Annotated[int, Field(ge=1, le=100)] = 10


class LifecycleAnswer(BaseModel):
    """How far a meeting has come. `starts_at`, `ends_at`: of the occurrence that it is about, null for none."""

    state: MeetingState
    reason: str | None
    started_at: Time | None
    starts_at: Time | None
    ends_at: Time | None


class OccurrenceAnswer(BaseModel):
    """One time that a meeting is meant to be."""

    starts_at: Time | None
    ends_at: Time | None


class OccurrenceList(BaseModel):
    """Those that are not over, soonest first."""

    items: tuple[OccurrenceAnswer, ...]


async def show(call: Call) -> LifecycleAnswer:
    """How far it has come."""
    return _answer(call.context.lifetimes.life_of(await call.visible_meeting()))


async def show_occurrences(call: Call) -> OccurrenceList:
    """When it is to be next."""
    wanted: OccurrencesQuery = call.query
    meeting, now = await call.visible_meeting(), time.time()
    coming = (each for each in schedule_of(meeting).occurrences() if each.end is None or each.end > now)
    items = (OccurrenceAnswer(starts_at=time_at(each.start), ends_at=time_at(each.end)) for each in coming)
    return OccurrenceList(items=tuple(islice(items, wanted.top)))


async def cancel(call: Call) -> LifecycleAnswer:
    """Calls it off, all of its occurrences; who is in is shown out."""
    body: CancelBody = call.body
    meeting = _appointment(await call.hosted_meeting())
    return _answer(await call.context.lifetimes.wish(meeting, Cause.CANCEL, body.reason, call.actor))


async def reschedule(call: Call) -> LifecycleAnswer:
    """Gives it another time, also if it was cancelled or is over."""
    body: RescheduleBody = call.body
    meeting = _appointment(await call.hosted_meeting())
    call.context.lifetimes.check(meeting, Cause.RESCHEDULE)
    changes = body.model_dump(exclude={"reason"})
    changed = await call.context.meetings.update(meeting.id, changes)
    life = await call.context.lifetimes.wish(changed, Cause.RESCHEDULE, body.reason, call.actor)
    await call.context.live.meeting_changed(changed)
    return _answer(life)


async def start(call: Call) -> None:
    """Opens it: guests need not wait for a host, nor for its time."""
    await call.context.lifetimes.wish(await call.hosted_meeting(), Cause.START, by=call.actor)


async def stop(call: Call) -> None:
    """Ends it for all, and lets nobody in until its next occurrence, or until it is started."""
    await call.context.lifetimes.wish(await call.hosted_meeting(), Cause.STOP, by=call.actor)


async def show_room(call: Call) -> MeetingDetail:
    """The caller's own room, made when it is first asked for."""
    meeting = await call.context.meetings.personal_room(call.session.user)
    return meeting_detail(meeting, call)


def _appointment(meeting: Meeting) -> Meeting:
    if meeting.is_personal:
        raise Conflict("A personal room has no time that could be called off or moved: it can be locked or stopped.")
    return meeting


def _answer(life: Life) -> LifecycleAnswer:
    occurrence = life.occurrence
    return LifecycleAnswer(
        state=life.state,
        reason=life.reason,
        started_at=time_at(life.started_at),
        starts_at=time_at(life.starts_at),
        ends_at=time_at(occurrence.end) if occurrence else None,
    )


def operations(meeting: str) -> tuple[Operation, ...]:
    """The calls on one meeting; `meeting` is the path that leads to it."""
    return (
        Operation("GET", meeting + "/lifecycle", "Show how far a meeting has come", show, answer=LifecycleAnswer),
        Operation(
            "GET",
            meeting + "/occurrences",
            "List when a meeting is to be",
            show_occurrences,
            query=OccurrencesQuery,
            answer=OccurrenceList,
        ),
        Operation("POST", meeting + "/cancel", "Cancel a meeting", cancel, body=CancelBody, answer=LifecycleAnswer),
        Operation(
            "POST",
            meeting + "/reschedule",
            "Give a meeting another time",
            reschedule,
            body=RescheduleBody,
            answer=LifecycleAnswer,
        ),
        Operation("POST", meeting + "/start", "Open a meeting", start, status=204),
        Operation("POST", meeting + "/stop", "End a meeting and close it", stop, status=204),
    )


OPERATIONS = (Operation("GET", "/user/room", "Show the caller's own room", show_room, answer=MeetingDetail),)
