"""When meetings begin and end: follows those in whose lives something happens or is due soon, and does what follows.

The rules are in `confserver.meetings.life`, clocks and rooms here. What lies further ahead waits in the database, by
the time at which it is due. Nothing is done while an event is told, so nobody hears of an end before its beginning.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import structlog

from confserver.errors import Conflict, NotFound, Unavailable
from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.meetings.life import Impossible, Life, stand
from confserver.meetings.life_rows import LifeRows, StoredLife
from confserver.meetings.lifecycle import TABLE, Act, Cause, MeetingState
from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.meetings.terms import terms_of
from confserver.rooms.actor import Actor
from confserver.rooms.alarms import Alarms
from confserver.rooms.life_book import LifeBook
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.watched import Now, Passage, Watched
from signaling.ports import EndReason, LeaveReason

LOOK_EVERY_S = 20.0
LOOK_AHEAD_S = 60.0
"""What is due so soon is followed in memory. Also how long a meeting is followed to which nothing happens any more."""
JUMP_S = 1.0
"""A wall clock that has gone so much further, or less far, than the other one was set."""
RETRY_S = 5.0

LEFT = frozenset(reason.value for reason in LeaveReason)

log = structlog.get_logger()


def _clocks() -> Now:
    return Now(time.time(), time.monotonic())


class Lifetimes:
    """`max_online`: how many meetings a tenant may have running at once. `on_due` is called when `step` has work.

    `book` has what is to be stored.
    """

    def __init__(
        self,
        registry: RoomRegistry,
        meetings: Meetings,
        rows: LifeRows,
        events: RoomEvents,
        max_online: int,
        clocks: Callable[[], Now] = _clocks,
    ) -> None:
        self.book = LifeBook()
        self.on_due: Callable[[], None] = lambda: None
        self._registry = registry
        self._meetings = meetings
        self._rows = rows
        self._events = events
        self._max_online = max_online
        self._clocks = clocks
        self._watched: dict[str, Watched] = {}
        self._alarms = Alarms()
        self._undone: deque[Passage] = deque()
        self._look_at = 0.0
        self._lead_s = 0.0
        for kind in (RoomEventKind.PARTICIPANT_JOINED, RoomEventKind.PARTICIPANT_LEFT, RoomEventKind.PARTICIPANT_ROLE):
            events.emitter.on(kind.value, self._hear)
        registry.on_meeting = self.follow

    def state_of(self, meeting: Meeting) -> MeetingState:
        """How it stands at this moment."""
        return self.life_of(meeting).state

    def life_of(self, meeting: Meeting) -> Life:
        """The same with all that belongs to it."""
        now = self._clocks()
        watched = self._watched.get(meeting.id) or Watched(meeting, now.mono)
        terms = watched.terms if watched.meeting is meeting else terms_of(meeting)
        return stand(terms, watched.life, watched.moment(now))

    def may_open(self, meeting: Meeting) -> bool:
        """Whether one more meeting of its tenant may run."""
        most = self._max_online if meeting.tenant_max_online is None else meeting.tenant_max_online
        tenants = (each.meeting.tenant_id for each in self._watched.values() if each.life.state is MeetingState.RUNNING)
        return sum(tenant_id == meeting.tenant_id for tenant_id in tenants) < most

    def check(self, meeting: Meeting, cause: Cause) -> None:
        """Raises Conflict, in one sentence, if this cannot be wished now."""
        state = self.state_of(meeting)
        if TABLE[state, cause] is None:
            raise _conflict(state, cause)

    async def wish(self, meeting: Meeting, cause: Cause, reason: str | None = None, by: Actor | None = None) -> Life:
        """What a host asks for, as far as it can be had: done when this returns. Raises Conflict."""
        now = self._clocks()
        watched = self._watch(meeting, now)
        if cause is not Cause.RESCHEDULE:
            self._note(watched, watched.settle(now), now)
        try:
            passages = watched.take(cause, now, reason)
        except Impossible as error:
            raise _conflict(error.state, error.cause) from None
        self._note(watched, tuple(replace(each, by=by) for each in passages), now)
        await self._do_undone()
        return watched.life

    def follow(self, meeting: Meeting) -> None:
        """It has a room now, or its definition was changed."""
        now = self._clocks()
        watched = self._watch(meeting, now)
        self._note(watched, watched.settle(now), now)

    async def read(self) -> None:
        """At the start: the meetings that ran when the server stopped. Raises Unavailable."""
        for meeting_id in await self._rows.running():
            await self._look_at_one(meeting_id)

    def go_on(self) -> None:
        """Once those who were in sit there again: meetings that ran, and that nobody is in, run no more."""
        for meeting_id, watched in tuple(self._watched.items()):
            if watched.life.state is MeetingState.RUNNING and self._registry.find(meeting_id) is None:
                self._count_people(watched)

    async def step(self) -> float:
        """Do everything that is due; returns the seconds after which there may be more."""
        now = self._clocks()
        if abs(now.wall - now.mono - self._lead_s) > JUMP_S:
            self._lead_s = now.wall - now.mono
            self._look_at = now.mono
            for watched in self._watched.values():
                self._arm(watched, now)
        if now.mono >= self._look_at:
            self._look_at = now.mono + LOOK_EVERY_S
            await self._look(now)
        for meeting_id in self._alarms.ring(self._clocks().mono):
            await self._look_at_one(meeting_id)
        await self._do_undone()
        next_at = self._alarms.next_at
        return max(min(self._look_at, self._look_at if next_at is None else next_at) - self._clocks().mono, 0.0)

    async def run(self) -> None:
        """Step by step, until it is cancelled."""
        has_work = asyncio.Event()
        self.on_due = has_work.set
        while True:
            has_work.clear()
            try:
                pause_s = await self.step()
            except Exception:
                log.exception("what is due in the lives of meetings could not be done")
                pause_s = RETRY_S
            with contextlib.suppress(TimeoutError):
                # Not `wait_for`, which before Python 3.12 forgets that it was cancelled when there is work just then.
                async with asyncio.timeout(pause_s):
                    await has_work.wait()

    def _hear(self, event: RoomEvent) -> None:
        watched = self._watched.get(event.meeting_id)
        if watched is None:
            return
        if event.kind is RoomEventKind.PARTICIPANT_JOINED:
            if watched.life.state is not MeetingState.RUNNING:
                self._take(watched, Cause.ENTERED)
            watched.had_host = self._has_host(event.meeting_id)
        elif event.kind is RoomEventKind.PARTICIPANT_ROLE or event.detail in LEFT:
            self._count_people(watched)
        elif event.detail == EndReason.DELETED:
            self._forget(event.meeting_id)
        elif event.detail != EndReason.SHUTDOWN:
            self._take(watched, Cause.FINISHED)

    def _count_people(self, watched: Watched) -> None:
        room = self._registry.find(watched.meeting.id)
        had_host, watched.had_host = watched.had_host, self._has_host(watched.meeting.id)
        if had_host and not watched.had_host and watched.terms.ends_with_last_host:
            self._take(watched, Cause.DESERTED)
        elif room is None or not room.participants:
            self._take(watched, Cause.EMPTIED_FOR_GOOD if watched.terms.closes_on_nobody else Cause.EMPTIED)

    def _has_host(self, meeting_id: str) -> bool:
        room = self._registry.find(meeting_id)
        return room is not None and room.has_host

    async def _look(self, now: Now) -> None:
        """Follow what is due soon, and no more what nothing happens to."""
        for meeting_id, watched in tuple(self._watched.items()):
            is_quiet = now.mono - watched.touched_at > LOOK_AHEAD_S and not self.book.is_due(meeting_id)
            due_in_s = watched.due_in_s(now)
            is_far = due_in_s is None or due_in_s > LOOK_AHEAD_S
            if is_quiet and is_far and watched.life.state is not MeetingState.RUNNING:
                self._forget(meeting_id)
        try:
            for meeting_id in await self._rows.due_before(now.wall + LOOK_AHEAD_S):
                if known := self._watched.get(meeting_id):
                    known.stored = None  # whoever changed the definition changed what is stored
                await self._look_at_one(meeting_id)
        except Unavailable:
            return  # Logged where it began. What is followed already goes on.

    async def _look_at_one(self, meeting_id: str) -> None:
        """As it is defined at this moment, whoever changed it; as it is known while the database cannot be used."""
        watched = self._watched.get(meeting_id)
        try:
            meeting = await self._meetings.by_id(meeting_id)
        except Unavailable:
            meeting = watched.meeting if watched else None
        if meeting is None:
            self._forget(meeting_id)
        else:
            self.follow(meeting)

    def _watch(self, meeting: Meeting, now: Now) -> Watched:
        watched = self._watched.setdefault(meeting.id, Watched(meeting, now.mono))
        watched.follow(meeting)
        return watched

    def _forget(self, meeting_id: str) -> None:
        self._watched.pop(meeting_id, None)
        self._alarms.set(meeting_id, None)
        self.book.drop(meeting_id)

    def _take(self, watched: Watched, cause: Cause) -> None:
        now = self._clocks()
        self._note(watched, watched.settle(now) + watched.take(cause, now), now)

    def _note(self, watched: Watched, passages: tuple[Passage, ...], now: Now) -> None:
        """Something happened: it is stored, what follows is done soon, and it is looked at when there is more."""
        watched.touched_at = now.mono
        self._undone.extend(passages)
        self._arm(watched, now)
        due_in_s = watched.due_in_s(now)
        stored = StoredLife(watched.life, None if due_in_s is None else now.wall + due_in_s)
        if _differ(stored, watched.stored):
            watched.stored = stored
            self.book.note(watched.meeting.id, stored)
        self.on_due()

    def _arm(self, watched: Watched, now: Now) -> None:
        due_in_s = watched.due_in_s(now)
        self._alarms.set(watched.meeting.id, None if due_in_s is None else now.mono + due_in_s)

    async def _do_undone(self) -> None:
        while self._undone:
            passage = self._undone.popleft()
            if passage.is_news:
                self._publish(passage)
            match passage.happened.step.act:
                case Act.END_ROOM:
                    reason = passage.happened.step.reason or EndReason.ENDED
                    self._registry.finish(passage.meeting.id, reason, passage.by)
                case Act.WARN:
                    self._warn(passage.meeting.id)
                case Act.FORGET:
                    self._registry.forget(passage.meeting.id)
                case Act.DELETE:
                    await self._delete(passage.meeting)

    def _warn(self, meeting_id: str) -> None:
        watched = self._watched.get(meeting_id)
        warning = watched.warning(self._clocks()) if watched else None
        if warning is not None:
            self._registry.warn(meeting_id, warning)

    async def _delete(self, meeting: Meeting) -> None:
        try:
            await self._meetings.delete(meeting.id, Cause.PURGE_DUE.value)
        except (Unavailable, Conflict) as error:
            log.warning("a meeting could not be deleted in its time", meeting=meeting.id, reason=error.message)
            self._delete_later(meeting.id)
            return
        except NotFound:
            pass  # somebody was quicker
        self._registry.finish(meeting.id, EndReason.DELETED)
        self._forget(meeting.id)

    def _delete_later(self, meeting_id: str) -> None:
        if watched := self._watched.get(meeting_id):
            watched.life = watched.life._replace(is_purged=False)
            self._alarms.set(meeting_id, self._clocks().mono + RETRY_S)

    def _publish(self, passage: Passage) -> None:
        meeting, life = passage.meeting, passage.happened.life
        data = {
            "subject": meeting.subject,
            "state": life.state.value,
            "reason": life.reason,
            "cause": passage.happened.cause.value,
            **(passage.by.signature if passage.by else {}),
        }
        kind = RoomEventKind.MEETING_STATE
        self._events.publish(RoomEvent(kind, meeting.id, None, life.state.value, meeting.tenant_id, data))


def _differ(one: StoredLife, other: StoredLife | None) -> bool:
    """Whether it is worth storing. A second more or less in when it is due is not."""
    if other is None or one.life != other.life or one.look_at is None or other.look_at is None:
        return one != other
    return abs(one.look_at - other.look_at) > JUMP_S


def _conflict(state: MeetingState, cause: Cause) -> Conflict:
    return Conflict(f"The state of the meeting is {state}: {cause} is not possible now.", "state")
