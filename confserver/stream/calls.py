"""Call records as they follow from the stream: one of each leg, one of each meeting while anybody was in it.

Pure: events in, records out, the same from a stored stream as from a live one. A leg that a restart found in its seat
goes on; one that nobody heard of again ended with the last that was heard of its meeting.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from confserver.events import RoomEventKind
from confserver.stream.event import StreamEvent

INTERRUPTED = "interrupted"
"""The reason of what ended while the server was down."""


class CallKind(StrEnum):
    """What a record is about."""

    LEG = "LEG"
    MEETING = "MEETING"


@dataclass(frozen=True, slots=True)
class About:
    """What a record tells of a meeting that may have been deleted since."""

    owner_id: str = ""
    subject: str = ""
    extension_number: str = ""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """`first_event` names it within the tenant. Times are Unix seconds; `ended_at` None while it lasts.

    Of a leg: who it was and how they came (`via`). Of a meeting: how many were in at once at most, and how many legs.
    """

    tenant_id: str
    first_event: int
    kind: CallKind
    meeting_id: str
    about: About
    started_at: float
    ended_at: float | None = None
    reason: str | None = None
    last_event: int | None = None
    participant_id: str | None = None
    display_name: str | None = None
    role: str | None = None
    via: str | None = None
    most_participants: int | None = None
    legs: int | None = None

    @property
    def duration_s(self) -> int | None:
        """Whole seconds; None while it lasts."""
        return None if self.ended_at is None else max(0, round(self.ended_at - self.started_at))


@dataclass(slots=True)
class _Call:
    """A meeting that is under way, and the legs that are in it."""

    record: CallRecord
    legs: dict[str, CallRecord]


class Calls:
    """What is under way. `hear` gives the records that an event begins, changes or ends."""

    def __init__(self) -> None:
        self._calls: dict[str, _Call] = {}

    @property
    def meeting_ids(self) -> tuple[str, ...]:
        """The meetings that are under way."""
        return tuple(self._calls)

    def fork(self, meeting_ids: Collection[str]) -> "Calls":
        """The same, to go on from with these meetings only, in a transaction that may fail."""
        fork = Calls()
        fork._calls = dict(self._calls)
        for meeting_id in meeting_ids & self._calls.keys():
            call = self._calls[meeting_id]
            fork._calls[meeting_id] = _Call(call.record, dict(call.legs))
        return fork

    def recall(self, records: Iterable[CallRecord]) -> None:
        """At the start: what was under way when the server stopped."""
        records = tuple(records)
        for record in records:
            if record.kind is CallKind.MEETING:
                self._calls[record.meeting_id] = _Call(record, {})
        for record in records:
            call = self._calls.get(record.meeting_id)
            if record.kind is CallKind.LEG and call and record.participant_id:
                call.legs[record.participant_id] = record

    def hear(self, event: StreamEvent, about: Mapping[str, About]) -> Iterator[CallRecord]:
        """`about` knows the event's meeting, if anybody does."""
        call = self._calls.get(event.meeting_id)
        match event.kind:
            case RoomEventKind.ROOM_OPENED if call is None:
                yield self._open(event, about.get(event.meeting_id, About())).record
            case RoomEventKind.PARTICIPANT_JOINED if call is not None:
                yield from self._join(call, event)
            case RoomEventKind.PARTICIPANT_ROLE | RoomEventKind.PARTICIPANT_UPDATED if call is not None:
                yield from self._update(call, event)
            case RoomEventKind.PARTICIPANT_LEFT if call is not None:
                yield from self._leave(call, event.participant_id or "", event.at, event.detail, event.number)
            case RoomEventKind.ROOM_CLOSED if call is not None:
                yield from self._close(event.meeting_id, event.at, event.detail, event.number)

    def interrupt(self, meeting_id: str, at: float) -> Iterator[CallRecord]:
        """Nobody came back to a meeting after the server stopped at `at`."""
        yield from self._close(meeting_id, at, INTERRUPTED, None)

    def _open(self, event: StreamEvent, about: About) -> _Call:
        record = CallRecord(
            event.tenant_id,
            event.number,
            CallKind.MEETING,
            event.meeting_id,
            about,
            event.at,
            most_participants=0,
            legs=0,
        )
        call = self._calls[event.meeting_id] = _Call(record, {})
        return call

    def _join(self, call: _Call, event: StreamEvent) -> Iterator[CallRecord]:
        participant_id = event.participant_id or ""
        if participant_id in call.legs:
            return
        leg = CallRecord(
            event.tenant_id,
            event.number,
            CallKind.LEG,
            event.meeting_id,
            call.record.about,
            event.at,
            participant_id=participant_id,
            display_name=event.data.get("display_name"),
            role=event.data.get("role", event.detail),
            via=event.data.get("via"),
        )
        call.legs[participant_id] = leg
        call.record = replace(
            call.record,
            most_participants=max(call.record.most_participants or 0, len(call.legs)),
            legs=(call.record.legs or 0) + 1,
        )
        yield leg
        yield call.record

    def _update(self, call: _Call, event: StreamEvent) -> Iterator[CallRecord]:
        """The name and role that a record tells are the last ones."""
        leg = call.legs.get(event.participant_id or "")
        if leg is None:
            return
        changed = replace(
            leg,
            display_name=event.data.get("display_name", leg.display_name),
            role=event.data.get("role", leg.role),
        )
        if changed != leg:
            call.legs[event.participant_id or ""] = changed
            yield changed

    def _leave(
        self, call: _Call, participant_id: str, at: float, reason: str | None, number: int | None
    ) -> Iterator[CallRecord]:
        leg = call.legs.pop(participant_id, None)
        if leg is not None:
            yield replace(leg, ended_at=at, reason=reason, last_event=number)

    def _close(self, meeting_id: str, at: float, reason: str | None, number: int | None) -> Iterator[CallRecord]:
        call = self._calls.pop(meeting_id)
        for participant_id in tuple(call.legs):
            yield from self._leave(call, participant_id, at, reason, number)
        yield replace(call.record, ended_at=at, reason=reason, last_event=number)
