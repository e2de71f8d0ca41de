"""How far a meeting has come, as one table: (state, cause) -> (what to do, next state).

Pure data. When a time is due, and what the next state means for a certain meeting, is computed by `life`; what is to be
done is done by `confserver.rooms.lifetimes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from signaling.ports import EndReason


class MeetingState(StrEnum):
    """Where a meeting stands. What repeats is SCHEDULED again after each occurrence but its last."""

    SCHEDULED = "SCHEDULED"
    """It is meant to begin later, and nobody is in."""
    READY = "READY"
    """It can be joined, and nobody is in."""
    WAITING_FOR_HOST = "WAITING_FOR_HOST"
    """The same, but only a host may be the first."""
    RUNNING = "RUNNING"
    ENDED = "ENDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    """Nobody came."""


class Cause(StrEnum):
    """What moves a meeting: the clock, the people, a host's word."""

    MOVED = "moved"
    """Its schedule is another than it was."""
    START_DUE = "start_due"
    NO_SHOW_DUE = "no_show_due"
    WARNING_DUE = "warning_due"
    DURATION_DUE = "duration_due"
    END_DUE = "end_due"
    PURGE_DUE = "purge_due"
    ENTERED = "entered"
    EMPTIED = "emptied"
    QUIET_DUE = "quiet_due"
    """For so long nobody has come back that the meeting is over, though no schedule says so."""
    EMPTIED_FOR_GOOD = "emptied_for_good"
    """The same, where `close_on_nobody` is set."""
    DESERTED = "deserted"
    """The last host is gone, where `end_with_last_host` is set."""
    FINISHED = "finished"
    """A host ended it for all, and everybody is out already."""
    START = "start"
    STOP = "stop"
    CANCEL = "cancel"
    RESCHEDULE = "reschedule"


class Next(StrEnum):
    """A next state that depends on the meeting and the clock."""

    STAY = "stay"
    REST = "rest"
    """As it stands with nobody in: SCHEDULED, WAITING_FOR_HOST or READY."""
    OVER = "over"
    """ENDED if it was for one occasion that has come, or closes on nobody; else REST: it can be used again."""
    ENDED = "ended"
    """ENDED, or SCHEDULED if there is a next occurrence."""
    EXPIRED = "expired"
    """EXPIRED, or SCHEDULED if there is a next occurrence."""


class Act(StrEnum):
    """What is to be done besides."""

    END_ROOM = "end_room"
    WARN = "warn"
    DELETE = "delete"
    FORGET = "forget"
    """Whom hosts removed, and that they locked it: that was for those who were in."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the table; `reason`: what END_ROOM tells those who are in."""

    next: MeetingState | Next
    act: Act | None = None
    reason: EndReason | None = None


def _ends(state: MeetingState | Next, reason: EndReason) -> Step:
    return Step(state, Act.END_ROOM, reason)


_S = MeetingState
_STAY = Step(Next.STAY)
_REST = Step(Next.REST)
_ENTER = Step(_S.RUNNING)
_OPEN = Step(_S.READY)
_EMPTY = _ends(Next.OVER, EndReason.ENDED)
_LEFT = _ends(Next.OVER, EndReason.HOST_LEFT)
_TIME = _ends(Next.OVER, EndReason.TIME_UP)
_END = _ends(Next.ENDED, EndReason.TIME_UP)
_NOBODY = _ends(Next.EXPIRED, EndReason.TIME_UP)
_STOP = _ends(Next.ENDED, EndReason.ENDED)
_CANCEL = _ends(_S.CANCELLED, EndReason.CANCELLED)
_PURGE = Step(_S.ENDED, Act.DELETE)
# A state that lets nobody in, with somebody in: so it was stored while the server was down.
_OUT = _ends(Next.STAY, EndReason.ENDED)
_OUT_C = _ends(Next.STAY, EndReason.CANCELLED)
_OVER = Step(Next.OVER)
_QUIET = Step(Next.OVER, Act.FORGET)
_WARN = Step(Next.STAY, Act.WARN)
_NO = None

_STATES = (_S.SCHEDULED, _S.READY, _S.WAITING_FOR_HOST, _S.RUNNING, _S.ENDED, _S.CANCELLED, _S.EXPIRED)
# fmt: off
_ROWS: Mapping[Cause, tuple[Step | None, ...]] = {
    #                        SCHEDULED  READY    WAITING  RUNNING  ENDED    CANCELLED  EXPIRED
    Cause.MOVED:            (_REST,    _REST,   _REST,   _STAY,   _REST,   _STAY,     _REST),
    Cause.START_DUE:        (_REST,    _STAY,   _STAY,   _STAY,   _STAY,   _STAY,     _STAY),
    Cause.NO_SHOW_DUE:      (_NOBODY,  _NOBODY, _NOBODY, _STAY,   _STAY,   _STAY,     _STAY),
    Cause.WARNING_DUE:      (_STAY,    _STAY,   _STAY,   _WARN,   _STAY,   _STAY,     _STAY),
    Cause.DURATION_DUE:     (_STAY,    _STAY,   _STAY,   _TIME,   _STAY,   _STAY,     _STAY),
    Cause.END_DUE:          (_END,     _END,    _END,    _END,    _STAY,   _STAY,     _STAY),
    Cause.PURGE_DUE:        (_PURGE,   _PURGE,  _PURGE,  _PURGE,  _PURGE,  _PURGE,    _PURGE),
    Cause.ENTERED:          (_ENTER,   _ENTER,  _ENTER,  _STAY,   _OUT,    _OUT_C,    _OUT),
    Cause.EMPTIED:          (_STAY,    _STAY,   _STAY,   _REST,   _STAY,   _STAY,     _STAY),
    Cause.QUIET_DUE:        (_STAY,    _QUIET,  _QUIET,  _STAY,   _STAY,   _STAY,     _STAY),
    Cause.EMPTIED_FOR_GOOD: (_STAY,    _STAY,   _STAY,   _EMPTY,  _STAY,   _STAY,     _STAY),
    Cause.DESERTED:         (_STAY,    _STAY,   _STAY,   _LEFT,   _STAY,   _STAY,     _STAY),
    Cause.FINISHED:         (_STAY,    _STAY,   _STAY,   _OVER,   _STAY,   _STAY,     _STAY),
    Cause.START:            (_OPEN,    _OPEN,   _OPEN,   _STAY,   _OPEN,   _NO,       _OPEN),
    Cause.STOP:             (_STOP,    _STOP,   _STOP,   _STOP,   _STAY,   _NO,       _STAY),
    Cause.CANCEL:           (_CANCEL,  _CANCEL, _CANCEL, _CANCEL, _NO,     _NO,       _NO),
    Cause.RESCHEDULE:       (_REST,    _REST,   _REST,   _NO,     _REST,   _REST,     _REST),
}
# fmt: on

TABLE: Mapping[tuple[MeetingState, Cause], Step | None] = {
    (state, cause): _ROWS[cause][column] for (column, state), cause in product(enumerate(_STATES), Cause)
}
"""Every pair; None is a wish that cannot be had in this state."""

CLOSED = frozenset({MeetingState.ENDED, MeetingState.CANCELLED, MeetingState.EXPIRED})
"""Nobody gets in."""
