"""The one door into rooms: receives whoever knocks, lets the table decide, gives a seat, a place to wait, or neither.

It has no rule of its own. Between the decision and the taking of the seat nothing is awaited, so two knocks cannot
share the last seat.
"""

import asyncio
from dataclasses import replace

from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.meetings.meeting import Meeting
from confserver.rooms.admission import Admitted, Declined, Role, Waits
from confserver.rooms.given_back import GivenBack
from confserver.rooms.join_tokens import JoinToken, JoinTokens
from confserver.rooms.reception import Reception, Visitor
from confserver.rooms.rooms import Rooms
from confserver.rooms.seating import Seating
from confserver.rooms.verdicts import Verdicts
from confserver.rooms.waiting_entry import WaitingEntry, WaitingState
from confserver.rooms.waiting_place import Place
from signaling.errors import RefusalReason, Refused
from signaling.ports import Knock, SeatListener

STRANGERS_WAIT_S = 0.25
"""Every refusal of a stranger takes as long: neither its words nor its time tell which meetings exist."""

STIRRING = (
    RoomEventKind.PARTICIPANT_JOINED,
    RoomEventKind.PARTICIPANT_LEFT,
    RoomEventKind.PARTICIPANT_ROLE,
    RoomEventKind.ROOM_CHANGED,
    RoomEventKind.ROOM_CLOSED,
    RoomEventKind.MEETING_STATE,
)
"""What may let somebody in who waits, or end their wait."""

LASTING = frozenset({RefusalReason.ENDED, RefusalReason.CANCELLED, RefusalReason.REMOVED})
"""Why somebody waits in vain; for everything else they wait on."""


class MeetingDoor:
    """Implements `signaling.ports.Door`. `is_open`: the server is neither starting nor stopping.

    `given_back` is what a `WriteBehind` writes for it.
    """

    def __init__(
        self,
        rooms: Rooms,
        reception: Reception,
        verdicts: Verdicts,
        seating: Seating,
        tokens: JoinTokens,
        events: RoomEvents,
    ) -> None:
        self.is_open = False
        self.given_back = GivenBack()
        self._rooms = rooms
        self._reception = reception
        self._verdicts = verdicts
        self._seating = seating
        self._tokens = tokens
        self._events = events
        self._stirred: set[str] = set()
        rooms.waiting.on_accepted = self.settle
        rooms.waiting.on_lost = self._lost
        for kind in STIRRING:
            events.emitter.on(kind.value, self._stir)

    async def enter(self, knock: Knock, listener: SeatListener) -> None:
        """A seat or a place for who may have one. Raises Refused."""
        answer_at = self._rooms.monotonic() + STRANGERS_WAIT_S
        try:
            visitor = await self._reception.receive(knock)
            token = self._token_to_spend(visitor)
            if token is None:
                self._open_for(visitor, listener)
            else:
                await self._spend(token, visitor, listener)
        except Refused as refusal:
            self._events.publish(RoomEvent(RoomEventKind.KNOCK_REFUSED, "", detail=refusal.reason.value))
            if knock.number:
                await asyncio.sleep(answer_at - self._rooms.monotonic())
            raise

    def preview(self, meeting: Meeting) -> str:
        """What the join page says of a meeting before anybody is asked for a microphone."""
        return self._verdicts.preview(meeting)

    def is_open_to(self, meeting: Meeting, source: str) -> bool:
        """Whether somebody from this network, who shows no more than which meeting it is, gets in at once."""
        return self.is_open and isinstance(self._verdicts.of_request(meeting, source), Admitted)

    def ask(self, meeting: Meeting, guest_id: str, display_name: str, source: str) -> WaitingEntry:
        """Somebody asks to be let in and will ask what came of it (`ask_again`). Raises Refused."""
        if not self.is_open:
            raise Refused(RefusalReason.SHUTTING_DOWN)
        decision = self._verdicts.of_request(meeting, source)
        if isinstance(decision, Declined):
            raise Refused(decision.reason)
        name = self._verdicts.told_apart(meeting, display_name)
        entry = self._rooms.waiting.request(meeting, guest_id, name, source)
        return self._rooms.waiting.accept(entry) if isinstance(decision, Admitted) else entry

    def ask_again(self, meeting: Meeting, entry: WaitingEntry) -> WaitingEntry | None:
        """What came of it by now: like those who wait on a connection they are let in when the table says so, or turned
        away when they wait in vain; then None.
        """
        if entry.state is not WaitingState.PENDING or not self.is_open:
            return entry
        match self._verdicts.again(meeting, entry):
            case Admitted():
                return self._rooms.waiting.accept(entry)
            case Declined(reason) if reason in LASTING:
                self._rooms.waiting.refuse(entry, Refused(reason))
                return None
        return entry

    def settle(self, meeting_id: str) -> None:
        """Let in who waits and may come in now, the longest first; turn away who waits in vain."""
        if self.is_open:
            with self._rooms.waiting.telling_once():
                for place in self._rooms.waiting.places(meeting_id):
                    self._settle(place)

    def tend(self) -> None:
        """What is due a few times a second: whose time is up, and where something has happened."""
        self._rooms.waiting.expire()
        stirred, self._stirred = self._stirred, set()
        for meeting_id in stirred:
            self.settle(meeting_id)

    def _settle(self, place: Place) -> None:
        entry = self._rooms.waiting.find(place.meeting.id, place.waiting_id)
        if entry is None or place.is_gone:
            return
        match self._verdicts.again(place.meeting, entry):
            case Admitted(role):
                self._seating.let_in(place, entry, role)
            case Waits(reason) if reason.value != place.waiting.reason:
                place.say(replace(place.waiting, reason=reason.value))
            case Declined(reason) if reason in LASTING:
                self._rooms.waiting.refuse(entry, Refused(reason))

    def _open_for(self, visitor: Visitor, listener: SeatListener) -> None:
        decision = self._decide(visitor)
        meeting = visitor.meeting
        assert meeting is not None, "nobody is admitted to nothing"
        named = self._verdicts.name_of(visitor, decision.role)
        match decision:
            case Admitted(role):
                self._seating.seat(meeting, visitor, role, named, listener)
                if role is Role.HOST:
                    self.settle(meeting.id)
            case Waits():
                self._seating.wait(meeting, visitor, decision, named, self._verdicts.likeness(visitor), listener)

    def _decide(self, visitor: Visitor) -> Admitted | Waits:
        if not self.is_open:
            raise Refused(RefusalReason.SHUTTING_DOWN)
        return self._verdicts.of(visitor)

    def _token_to_spend(self, visitor: Visitor) -> JoinToken | None:
        token = visitor.token
        is_spent_by_it = token is not None and token.is_one_time and token.used_at is None
        is_back = visitor.claim is not None and self._verdicts.is_remembered(visitor.claim)
        return token if is_spent_by_it and not is_back else None

    async def _spend(self, token: JoinToken, visitor: Visitor, listener: SeatListener) -> None:
        """Of all who come with the same one-time token, the first gets in. Who does not get in has not used it."""
        self._decide(visitor)
        if not await self._tokens.use(token.id):
            raise Refused(RefusalReason.NOT_ALLOWED)
        try:
            self._open_for(visitor, listener)
        except Refused:
            self.given_back.put(token.id)
            raise

    def _lost(self, entry: WaitingEntry) -> None:
        if entry.marks.token_id is not None:
            self.given_back.put(entry.marks.token_id)

    def _stir(self, event: RoomEvent) -> None:
        if self._rooms.waiting.places(event.meeting_id):
            self._stirred.add(event.meeting_id)
