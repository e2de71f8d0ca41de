"""Decides about who stands at the door: gathers what rooms, waiting rooms and bans hold of them, and asks the table.

The rules are in `admission`; what it decides is carried out by `door`. It counts wrong PINs (`guessing`).
"""

from dataclasses import replace

from confserver.meetings.fields import StartBy
from confserver.meetings.meeting import Meeting
from confserver.rooms.admission import (
    NO_MEETING,
    Admitted,
    Credentials,
    Decision,
    Declined,
    Likeness,
    Login,
    MeetingFacts,
    Role,
    SeatShown,
    Standing,
    TokenShown,
    Waits,
    admit,
    preview,
)
from confserver.rooms.guessing import Guess, PinGuard
from confserver.rooms.join_tokens import JoinToken
from confserver.rooms.marks import Marks
from confserver.rooms.names import Named, guest_name
from confserver.rooms.reception import Visitor
from confserver.rooms.rooms import Rooms
from confserver.rooms.seat_tokens import SeatClaim
from confserver.rooms.waiting_entry import WaitingEntry, WaitingState
from signaling.errors import RefusalReason, Refused

GUESSES = frozenset({RefusalReason.WRONG_PIN, RefusalReason.HOST_MUST_ADMIT})
"""Answers that count as a wrong guess. The second one even for a right PIN: else the next delay would tell it."""

STANDINGS = {
    WaitingState.PENDING: Standing.WAITING,
    WaitingState.ACCEPTED: Standing.GRANTED,
}


class Verdicts:
    """Every rule is the table's; who asks carries out what it says."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._guard = PinGuard()

    def preview(self, meeting: Meeting) -> str:
        """What the join page says of a meeting before anybody is asked for a microphone."""
        return preview(self._facts(meeting), self._rooms.clock())

    def is_remembered(self, claim: SeatClaim) -> bool:
        """Whether somebody sat or waits where their token says."""
        found = self._rooms.book.find(claim.meeting_id, claim.seat_id) or self._rooms.waiting.find(
            claim.meeting_id, claim.seat_id
        )
        return found is not None

    def of(self, visitor: Visitor) -> Admitted | Waits:
        """About somebody who knocks. Raises Refused."""
        meeting, knock, now = visitor.meeting, visitor.knock, self._rooms.monotonic()
        name = meeting.id if meeting else f"number {knock.number}"
        guess = Guess(name, knock.source, has_key=not knock.number, leads_nowhere=meeting is None)
        shown = self._credentials(visitor)
        # Whoever is recognised is not asked for a PIN, so one that they send along is no guess.
        is_tried = bool(knock.pin) and not shown.is_recognised
        wait_s = self._guard.wait_s(guess, now) if is_tried else 0.0
        if wait_s:
            raise Refused(RefusalReason.WRONG_PIN, wait_s)
        facts = replace(
            self._facts(meeting, knock.source) if meeting else NO_MEETING,
            is_guarded=self._guard.is_guarded(guess, now),
            is_host_pin_guarded=self._guard.guards_host_pin(guess, now),
        )
        decision = admit(facts, shown, self._rooms.clock())
        if isinstance(decision, Declined):
            raise self._refusal(decision.reason, visitor, guess)
        # Whoever knows the room's PIN may still be guessing the host's.
        if is_tried and (decision.role is Role.HOST or facts.admin_pin is None):
            self._guard.succeeded(guess)
        return decision

    def of_request(self, meeting: Meeting, source: str) -> Decision:
        """About somebody from this network who shows no more than which meeting they were asked to."""
        likeness = self._rooms.bans.likeness(meeting.id, Marks(source), None)
        shown = Credentials(has_access_key=True, likeness=likeness)
        return admit(self._facts(meeting, source), shown, self._rooms.clock())

    def again(self, meeting: Meeting, entry: WaitingEntry) -> Decision:
        """About somebody who waits, as things are now."""
        shown = Credentials(
            login=Login.KNOWN if entry.is_known else Login.NONE,
            seat=SeatShown(STANDINGS[entry.state], entry.role),
            likeness=self._rooms.bans.likeness(meeting.id, entry.marks, entry.id),
        )
        return admit(self._facts(meeting), shown, self._rooms.clock())

    def likeness(self, visitor: Visitor) -> Likeness:
        """To somebody who was shown the door."""
        if visitor.meeting is None:
            return Likeness.NONE
        seat_id = visitor.claim.seat_id if visitor.claim else None
        return self._rooms.bans.likeness(visitor.meeting.id, visitor.marks, seat_id)

    def name_of(self, visitor: Visitor, role: Role) -> Named:
        """What they are called if they get a seat in this role now."""
        token = visitor.token
        if token is not None and token.display_name and not self._is_in_use(token, visitor):
            return Named(token.display_name, is_verified=True)
        name = visitor.knock.display_name
        if role is Role.HOST or visitor.has_own_name or visitor.meeting is None:
            return Named(name, visitor.has_own_name)
        return Named(self.told_apart(visitor.meeting, name))

    def told_apart(self, meeting: Meeting, name: str) -> str:
        """A guest's name, marked if it is that of a host."""
        room = self._rooms.registry.find(meeting.id)
        hosts = [each.display_name for each in room.participants.values() if each.role is Role.HOST] if room else []
        return guest_name(name, [meeting.host_name, *hosts])

    def _refusal(self, reason: RefusalReason, visitor: Visitor, guess: Guess) -> Refused:
        if reason in GUESSES:
            return Refused(reason, self._guard.failed(guess, self._rooms.monotonic()))
        turned_away = self._turned_away(visitor) if reason is RefusalReason.DECLINED else None
        if turned_away is not None:
            return Refused(reason, self._rooms.waiting.retry_after_s(turned_away), turned_away.word)
        return Refused(reason)

    def _credentials(self, visitor: Visitor) -> Credentials:
        knock = visitor.knock
        return Credentials(
            has_access_key=bool(knock.access_key),
            login=visitor.login,
            pin=knock.pin,
            has_number=bool(knock.number),
            seat=self._seat_shown(visitor.claim),
            token=self._token_shown(visitor) if knock.join_token else None,
            likeness=self.likeness(visitor),
            was_declined=self._turned_away(visitor) is not None,
        )

    def _seat_shown(self, claim: SeatClaim | None) -> SeatShown | None:
        if claim is None:
            return None
        entry = self._rooms.waiting.place_of(claim.meeting_id, claim.seat_id)
        if entry is not None:
            return SeatShown(STANDINGS[entry.state], entry.role)
        seat = self._rooms.book.find(claim.meeting_id, claim.seat_id)
        if seat is None:
            return None
        room = self._rooms.registry.find(seat.meeting_id)
        is_held = room is not None and seat.seat_id in room.participants
        standing = Standing.REMOVED if seat.is_removed else Standing.HELD if is_held else Standing.FREE
        return SeatShown(standing, seat.role)

    def _token_shown(self, visitor: Visitor) -> TokenShown:
        token = visitor.token
        if token is None or (token.is_one_time and token.used_at is not None):
            return TokenShown()
        return TokenShown(token.role, token.expires_at.timestamp(), self._is_in_use(token, visitor))

    def _is_in_use(self, token: JoinToken, visitor: Visitor) -> bool:
        """Whether somebody else is in, or waits, with it."""
        room = self._rooms.registry.find(token.meeting_id)
        seated = {each.participant_id: each.marks for each in room.participants.values()} if room else {}
        waiting = {each.id: each.marks for each in self._rooms.waiting.list(token.meeting_id)}
        holders = {seat_id for seat_id, marks in (seated | waiting).items() if marks.token_id == token.id}
        return bool(holders - {visitor.claim.seat_id if visitor.claim else None})

    def _turned_away(self, visitor: Visitor) -> WaitingEntry | None:
        if visitor.meeting is None:
            return None
        seat_id = visitor.claim.seat_id if visitor.claim else None
        return self._rooms.waiting.turned_away(visitor.meeting.id, seat_id, visitor.marks.device)

    def _facts(self, meeting: Meeting, source: str = "") -> MeetingFacts:
        """As they are for somebody from this network; "": for nobody in particular."""
        room, life = self._rooms.registry.find(meeting.id), self._rooms.lives.life_of(meeting)
        return MeetingFacts(
            capacity=meeting.capacity,
            present=len(room.participants) if room else 0,
            waiting=self._rooms.waiting.taken(meeting.id, source),
            state=life.state,
            is_locked=self._rooms.registry.is_locked(meeting.id),
            is_host_present=room is not None and room.has_host,
            is_started=life.is_started,
            starts_by_host_only=meeting.start_by is StartBy.HOST,
            waiting_room=meeting.waiting_room,
            known_users_pass=meeting.known_users_pass,
            may_open=room is not None or self._rooms.lives.may_open(meeting),
            room_pin=meeting.room_pin,
            admin_pin=meeting.admin_pin,
        )
