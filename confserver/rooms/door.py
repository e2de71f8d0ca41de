"""The one door into rooms: finds the meeting, gathers the facts, lets admission decide, takes the seat.

It has no rule of its own. Between the decision and the taking of the seat nothing is awaited, so two knocks cannot
share the last seat.
"""

import asyncio
import secrets
import time
from dataclasses import replace
from functools import partial

from confserver.auth.service import Auth
from confserver.errors import TooManyRequests, Unavailable
from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.http.pace import Pace
from confserver.meetings.fields import StartBy
from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.rooms.admission import (
    NO_MEETING,
    Credentials,
    Declined,
    MeetingFacts,
    Role,
    SeatShown,
    Standing,
    admit,
    preview,
)
from confserver.rooms.guessing import Guess, PinGuard
from confserver.rooms.media_side import MediaSide
from confserver.rooms.participant import Participant
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.room import Room
from confserver.rooms.seat import RoomSeat
from confserver.rooms.seat_book import SeatBook, SeatRecord
from confserver.rooms.seat_tokens import SeatClaim, SeatTokens
from signaling.errors import RefusalReason, Refused
from signaling.ports import Knock, Seat, SeatListener, Welcome

GUESSES = frozenset({RefusalReason.WRONG_PIN, RefusalReason.HOST_MUST_ADMIT})
"""Answers that count as a wrong guess. The second one even for a right PIN: else the next delay would tell it."""

STRANGERS_WAIT_S = 0.25
"""Every refusal of a stranger takes as long: neither its words nor its time tell which meetings exist."""


RETURNS_PER_S, RETURNS_AT_ONCE = 1.0, 10
"""Of one seat: each is told to everybody in the room, and a page that seeks its way back pauses between its tries."""


class MeetingDoor:
    """Implements `signaling.ports.Door`. `is_open`: the server is neither starting nor stopping."""

    def __init__(
        self,
        meetings: Meetings,
        auth: Auth,
        registry: RoomRegistry,
        side: MediaSide,
        events: RoomEvents,
        book: SeatBook,
        tokens: SeatTokens,
    ) -> None:
        self._meetings = meetings
        self._auth = auth
        self._registry = registry
        self._side = side
        self._events = events
        self._book = book
        self._tokens = tokens
        self._guard = PinGuard()
        self._returns = Pace(RETURNS_PER_S, RETURNS_AT_ONCE)
        self.is_open = False

    async def enter(self, knock: Knock, listener: SeatListener) -> None:
        """A seat for who may have one. Raises Refused."""
        answer_at = time.monotonic() + STRANGERS_WAIT_S
        try:
            meeting, is_host_login = await self._find(knock)
            listener.admitted(self._seat(meeting, is_host_login, knock, listener))
        except Refused as refusal:
            self._events.publish(RoomEvent(RoomEventKind.KNOCK_REFUSED, "", detail=refusal.reason.value))
            if knock.number:
                await asyncio.sleep(answer_at - time.monotonic())
            raise

    def preview(self, meeting: Meeting) -> str:
        """What the join page says of a meeting before anybody is asked for a microphone."""
        return preview(self._facts(meeting), time.time())

    async def _find(self, knock: Knock) -> tuple[Meeting | None, bool]:
        """The meeting, None behind a number that leads nowhere; and whether they may host it. Raises Refused."""
        try:
            return await self._look_up(knock)
        except Unavailable as error:
            raise Refused(RefusalReason.UNAVAILABLE, error.retry_after_s) from error

    async def _look_up(self, knock: Knock) -> tuple[Meeting | None, bool]:
        if knock.number:
            return await self._meetings.by_extension(knock.number), False
        session = await self._auth.session_by_token(knock.token) if knock.token else None
        if knock.access_key:
            meeting = await self._meetings.by_access_key(knock.access_key)
        elif session is None and self._seat_before(knock) is None:
            raise Refused(RefusalReason.NOT_ALLOWED)
        else:
            meeting = await self._meetings.by_id(knock.meeting_id or "")
            # Somebody else's meeting does not exist for them, unless they were in it.
            is_theirs = meeting is not None and session is not None and session.may_see(meeting)
            if not is_theirs and self._seat_before(knock, meeting) is None:
                meeting = None
        if meeting is None:
            raise Refused(RefusalReason.NOT_FOUND)
        return meeting, session is not None and session.may_host(meeting)

    def _seat_before(self, knock: Knock, meeting: Meeting | None = None) -> SeatRecord | None:
        """The seat that they had, in this meeting if one is given; None if their token is worth nothing."""
        claim = self._tokens.read(knock.seat_token, time.time()) if knock.seat_token else None
        if claim is None or (meeting is not None and claim.meeting_id != meeting.id):
            return None
        return self._book.find(claim.meeting_id, claim.seat_id)

    def _seat(self, meeting: Meeting | None, is_host_login: bool, knock: Knock, listener: SeatListener) -> Seat:
        if not self.is_open:
            raise Refused(RefusalReason.SHUTTING_DOWN)
        before = self._seat_before(knock, meeting) if meeting is not None else None
        role = self._admit(meeting, knock, is_host_login, before)
        assert meeting is not None, "nobody is admitted to nothing"
        if before is not None:
            self._keep_pace(before)
        room = self._registry.open(meeting)
        seat = _seat_again(before, knock) if before is not None else _new_seat(meeting, knock, role)
        participant = room.participants.get(seat.seat_id)
        is_resumed = participant is not None
        if participant is None:
            participant = room.enter(seat, listener, has_camera=knock.has_camera)
        else:
            room.resume(participant, seat, listener, has_camera=knock.has_camera)
        return RoomSeat(
            room,
            participant,
            listener,
            self._welcome(room, participant, is_resumed),
            partial(self._side.describe, meeting.id),
            self._registry,
            time.monotonic,
        )

    def _keep_pace(self, before: SeatRecord) -> None:
        try:
            self._returns.take(before.seat_id, time.monotonic())
        except TooManyRequests as error:
            raise Refused(RefusalReason.UNAVAILABLE, error.retry_after_s) from None

    def _admit(self, meeting: Meeting | None, knock: Knock, is_host_login: bool, before: SeatRecord | None) -> Role:
        now = time.monotonic()
        name = meeting.id if meeting else f"number {knock.number}"
        guess = Guess(name, knock.source, has_key=not knock.number, leads_nowhere=meeting is None)
        shown = Credentials(
            bool(knock.access_key), is_host_login, knock.pin, bool(knock.number), self._seat_shown(before)
        )
        # Who comes back is not asked for a PIN, so one that they send along is no guess.
        is_tried = bool(knock.pin) and not shown.is_returning
        wait_s = self._guard.wait_s(guess, now) if is_tried else 0.0
        if wait_s:
            raise Refused(RefusalReason.WRONG_PIN, wait_s)
        facts = replace(
            self._facts(meeting) if meeting else NO_MEETING,
            is_guarded=self._guard.is_guarded(guess, now),
            is_host_pin_guarded=self._guard.guards_host_pin(guess, now),
        )
        decision = admit(facts, shown, time.time())
        if isinstance(decision, Declined):
            raise Refused(decision.reason, self._guard.failed(guess, now) if decision.reason in GUESSES else 0.0)
        # Whoever knows the room's PIN may still be guessing the host's.
        if is_tried and (decision.role is Role.HOST or facts.admin_pin is None):
            self._guard.succeeded(guess)
        return decision.role

    def _seat_shown(self, seat: SeatRecord | None) -> SeatShown | None:
        if seat is None:
            return None
        room = self._registry.find(seat.meeting_id)
        is_held = room is not None and seat.seat_id in room.participants
        standing = Standing.REMOVED if seat.is_removed else Standing.HELD if is_held else Standing.FREE
        return SeatShown(standing, seat.role)

    def _facts(self, meeting: Meeting) -> MeetingFacts:
        room = self._registry.find(meeting.id)
        return MeetingFacts(
            capacity=meeting.capacity,
            present=len(room.participants) if room else 0,
            is_locked=self._registry.is_locked(meeting.id),
            is_host_present=room is not None and room.has_host,
            starts_by_host_only=meeting.start_by is StartBy.HOST,
            ends_at=meeting.scheduled_end_at.timestamp() if meeting.scheduled_end_at else None,
            room_pin=meeting.room_pin,
            admin_pin=meeting.admin_pin,
        )

    def _welcome(self, room: Room, participant: Participant, is_resumed: bool) -> Welcome:
        token = self._tokens.issue(SeatClaim(participant.participant_id, room.room_id), time.time())
        return room.welcome(participant, token, is_resumed=is_resumed)


def _new_seat(meeting: Meeting, knock: Knock, role: Role) -> SeatRecord:
    return SeatRecord(
        seat_id=secrets.token_urlsafe(9),
        meeting_id=meeting.id,
        display_name=knock.display_name,
        role=role,
        order=0,
        is_self_muted=knock.is_muted or (meeting.mute_on_entry and role is Role.GUEST),
    )


def _seat_again(before: SeatRecord, knock: Knock) -> SeatRecord:
    """Their seat as it was, but for what only they can say: their name, and that they do not want to be heard."""
    return replace(before, display_name=knock.display_name, is_self_muted=before.is_self_muted or knock.is_muted)
