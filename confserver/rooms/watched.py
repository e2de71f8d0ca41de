"""A meeting whose life is being followed: what was agreed of it, how far it has come, and for how long it runs.

It moves the life on (`confserver.meetings.life`) and tells what happened; it does nothing of it (`lifetimes`).
"""

from dataclasses import dataclass, field

from confserver.meetings.life import Happened, Life, Moment, Terms, advance, ends_in, next_due, take
from confserver.meetings.life_rows import StoredLife
from confserver.meetings.lifecycle import Cause, MeetingState
from confserver.meetings.meeting import Meeting
from confserver.meetings.terms import terms_of
from confserver.rooms.actor import Actor
from signaling.ports import EndingSoon

WARNING_WORDS = {Cause.END_DUE: "scheduled_end", Cause.DURATION_DUE: "max_duration"}

WISHES = frozenset({Cause.START, Cause.CANCEL, Cause.RESCHEDULE})
"""They change something also where they leave the state as it is."""


@dataclass(frozen=True, slots=True)
class Now:
    """The same moment by both clocks: Unix seconds, and seconds of a clock that nobody sets."""

    wall: float
    mono: float


@dataclass(frozen=True, slots=True)
class Passage:
    """Something happened to a meeting, and in which state it was before. `by`: whoever wished for it, if one did."""

    meeting: Meeting
    before: MeetingState
    happened: Happened
    by: Actor | None = None

    @property
    def is_news(self) -> bool:
        """Whether others are told."""
        after = self.happened.life
        return after.state is not self.before or self.happened.cause in WISHES


@dataclass(slots=True)
class Watched:
    """`had_host`: a host was in when it was looked at last; `touched_at`: monotonic seconds of the last look."""

    meeting: Meeting
    touched_at: float
    had_host: bool = False
    stored: StoredLife | None = None
    life: Life = field(init=False)
    terms: Terms = field(init=False)
    _began_at: float | None = None

    def __post_init__(self) -> None:
        self.life = self.meeting.life
        self.terms = terms_of(self.meeting)

    def follow(self, meeting: Meeting) -> None:
        """The meeting as it is defined now; its life goes on as it is known here."""
        self.meeting = meeting
        self.terms = terms_of(meeting)

    def moment(self, now: Now) -> Moment:
        """The clocks as its life reads them."""
        if self.life.state is not MeetingState.RUNNING:
            self._began_at = None
        elif self._began_at is None:
            # It ran before the server was started again: only the wall clock knows for how long.
            ran_s = now.wall - self.life.started_at if self.life.started_at is not None else 0.0
            self._began_at = now.mono - max(ran_s, 0.0)
        return Moment(now.wall, now.mono - self._began_at if self._began_at is not None else 0.0)

    def settle(self, now: Now) -> tuple[Passage, ...]:
        """Everything that is due by now."""
        return self._pass(*advance(self.terms, self.life, self.moment(now)))

    def take(self, cause: Cause, now: Now, reason: str | None = None) -> tuple[Passage, ...]:
        """One step, and what is due after it. Raises Impossible."""
        taken = self._pass(take(self.terms, self.life, cause, self.moment(now), reason))
        return taken + self.settle(now)

    def due_in_s(self, now: Now) -> float | None:
        """When to look at it again; None: when somebody touches it."""
        due = next_due(self.terms, self.life, self.moment(now))
        return due.in_s if due else None

    def warning(self, now: Now) -> EndingSoon | None:
        """What those who are in are told before it ends by itself; None if it does not, or not any more."""
        end = ends_in(self.terms, self.life, self.moment(now))
        return EndingSoon(max(round(end.in_s), 0), WARNING_WORDS[end.cause]) if end else None

    def _pass(self, *happened: Happened) -> tuple[Passage, ...]:
        passages = []
        for each in happened:
            passages.append(Passage(self.meeting, self.life.state, each))
            self.life = each.life
        return tuple(passages)
