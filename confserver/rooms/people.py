"""Who is in a room, and the one way in which a change reaches everybody it concerns.

Whoever changes a participant or the room's state calls `settle`; what has become different goes into the book of
seats, to the media plane, to the pages and into the events, in this order. It decides nothing and seats nobody.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.meetings.meeting import Meeting
from confserver.rooms.actor import Actor
from confserver.rooms.participant import Participant
from confserver.rooms.room_state import RoomState, differences
from confserver.rooms.seat_book import SeatBook, SeatRecord
from mixer.params import Command, ParticipantParams, SetParticipant
from signaling.errors import RequestError
from signaling.ports import ParticipantView, PeopleUpdated, RoomChanged, RoomMessage, Updated

ROLE_FIELDS = frozenset({"role", "is_chairman"})


class _Outlook(NamedTuple):
    """How a participant looked when everybody was told last."""

    record: SeatRecord
    params: ParticipantParams
    view: ParticipantView


class _Change(NamedTuple):
    """What pages and events are told of one participant; `fields`: of the view, as they are now."""

    participant: Participant
    view: ParticipantView
    fields: dict[str, Any]


class People:
    """Participants by id, in the order of their coming. `obey(command)` hands a value to the media plane."""

    def __init__(self, meeting: Meeting, obey: Callable[[Command], None], events: RoomEvents, book: SeatBook) -> None:
        self.meeting_id = meeting.id
        self.state = RoomState.of(meeting, book.room(meeting.id))
        self.present: dict[str, Participant] = {}
        self.obey = obey
        self.tenant_id = meeting.tenant_id
        self._events = events
        self._book = book
        self._outlooks: dict[str, _Outlook] = {}
        self._told_of_room = self.state.view()

    def find(self, participant_id: str) -> Participant:
        """Raises RequestError `no_such_participant`."""
        found = self.present.get(participant_id)
        if found is None:
            raise RequestError("no_such_participant", "There is no such participant in this meeting.")
        return found

    @property
    def hosts(self) -> tuple[Participant, ...]:
        """Those of them who may steer, who came first first."""
        return tuple(participant for participant in self.present.values() if participant.is_host)

    def add(self, participant: Participant) -> None:
        """One more; pages are told by whoever knows what they should hear."""
        self.present[participant.participant_id] = participant
        outlook = self._outlook(participant)
        self._outlooks[participant.participant_id] = outlook
        self._book.note(outlook.record)
        self.obey(SetParticipant(self.meeting_id, outlook.params))

    def drop(self, participant_id: str) -> Participant | None:
        """One less, if they were there; what of the room depended on them is for whoever calls it to settle."""
        self._outlooks.pop(participant_id, None)
        return self.present.pop(participant_id, None)

    def settle(self, *who: Participant, by: Actor | None = None) -> None:
        """Make what is different of the room and of `who`, of everybody if nobody is named, known.

        `by`: whoever changed it.
        """
        changes = [change for each in who or tuple(self.present.values()) if (change := self._settle(each))]
        self._settle_room(by)
        if len(changes) == 1:
            self.broadcast(Updated(changes[0].view))
        elif changes:
            # One message, not one for each: a page takes in so much at once, and no outbox overflows.
            self.broadcast(PeopleUpdated(tuple(change.view for change in changes)))
        for change in changes:
            self._publish_change(change, by)

    def note_again(self, participant: Participant) -> None:
        """Their seat is as good as new, whether anything of it has changed or not."""
        self._book.note(participant.record(self.meeting_id))

    def broadcast(self, message: RoomMessage) -> None:
        """To everybody who is in and connected."""
        for participant in tuple(self.present.values()):
            self.tell(participant, message)

    def tell(self, participant: Participant, message: RoomMessage) -> None:
        """To one, if they are connected."""
        if participant.listener is not None:
            participant.listener.notify(message)

    def publish(
        self,
        kind: RoomEventKind,
        participant: Participant | None = None,
        detail: str | None = None,
        data: Mapping[str, Any] | None = None,
        by: Actor | None = None,
    ) -> None:
        """For those who listen to what happens in rooms. `data` is what JSON can hold."""
        known = {**(data or {}), **(by.signature if by else {})}
        participant_id = participant.participant_id if participant else None
        self._events.publish(RoomEvent(kind, self.meeting_id, participant_id, detail, self.tenant_id, known))

    def _outlook(self, participant: Participant) -> _Outlook:
        return _Outlook(participant.record(self.meeting_id), participant.params(), participant.view())

    def _settle(self, participant: Participant) -> _Change | None:
        before = self._outlooks[participant.participant_id]
        after = self._outlooks[participant.participant_id] = self._outlook(participant)
        if after.record != before.record:
            self._book.note(after.record)
        if after.params != before.params:
            self.obey(SetParticipant(self.meeting_id, after.params))
        if after.view == before.view:
            return None
        return _Change(participant, after.view, differences(before.view, after.view))

    def _settle_room(self, by: Actor | None) -> None:
        record = self.state.record(self.meeting_id)
        if record != self._book.room(self.meeting_id):
            self._book.note_room(record)
        view = self.state.view()
        changed = differences(self._told_of_room, view)
        if changed:
            self._told_of_room = view
            self.broadcast(RoomChanged(**changed))
            self.publish(RoomEventKind.ROOM_CHANGED, data=changed, by=by)

    def _publish_change(self, change: _Change, by: Actor | None) -> None:
        participant, fields = change.participant, change.fields
        away = fields.pop("is_reconnecting", None)
        fields.pop("hand", None)  # whoever is behind a hand that goes down moves up, which is nothing that they did
        role = {name: fields.pop(name) for name in ROLE_FIELDS & fields.keys()}
        if away is not None:
            kind = RoomEventKind.PARTICIPANT_RECONNECTING if away else RoomEventKind.PARTICIPANT_RETURNED
            self.publish(kind, participant)
        if role:
            self.publish(RoomEventKind.PARTICIPANT_ROLE, participant, participant.role.value, role, by)
        if fields:
            self.publish(RoomEventKind.PARTICIPANT_UPDATED, participant, None, fields, by)
