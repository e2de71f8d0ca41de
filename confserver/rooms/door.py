"""The one door into rooms: finds the meeting, gathers the facts, lets admission decide, takes the seat.

It has no rule of its own. Between the decision and the taking of the seat nothing is awaited, so two knocks cannot
share the last seat.
"""

import time
from functools import partial

from confserver.auth.service import Auth
from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.meetings.fields import StartBy
from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.rooms.admission import Credentials, Declined, MeetingFacts, Role, admit, preview
from confserver.rooms.guessing import GuessThrottle
from confserver.rooms.media_side import MediaSide
from confserver.rooms.participant import Participant
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.room import Room
from confserver.rooms.seat import RoomSeat
from signaling.errors import RefusalReason, Refused
from signaling.ports import Knock, Seat, SeatListener, Welcome


class MeetingDoor:
    """Implements `signaling.ports.Door`. `is_open`: the server is neither starting nor stopping."""

    def __init__(
        self, meetings: Meetings, auth: Auth, registry: RoomRegistry, side: MediaSide, events: RoomEvents
    ) -> None:
        self._meetings = meetings
        self._auth = auth
        self._registry = registry
        self._side = side
        self._events = events
        self._throttle = GuessThrottle()
        self.is_open = False

    async def enter(self, knock: Knock, listener: SeatListener) -> Seat:
        """A seat for who may have one. Raises Refused."""
        try:
            meeting, is_host_login = await self._find(knock)
            return self._seat(meeting, is_host_login, knock, listener)
        except Refused as refusal:
            self._events.publish(RoomEvent(RoomEventKind.KNOCK_REFUSED, "", detail=refusal.reason.value))
            raise

    def preview(self, meeting: Meeting) -> str:
        """What the join page says of a meeting before anybody is asked for a microphone."""
        return preview(self._facts(meeting), time.time())

    async def _find(self, knock: Knock) -> tuple[Meeting, bool]:
        session = await self._auth.session_by_token(knock.token) if knock.token else None
        if knock.access_key:
            meeting = await self._meetings.by_access_key(knock.access_key)
        elif session is None:
            raise Refused(RefusalReason.NOT_ALLOWED)
        else:
            meeting = await self._meetings.by_id(knock.meeting_id or "")
            # Somebody else's meeting does not exist for them.
            meeting = meeting if meeting is not None and session.may_see(meeting) else None
        if meeting is None:
            raise Refused(RefusalReason.NOT_FOUND)
        return meeting, session is not None and session.may_host(meeting)

    def _seat(self, meeting: Meeting, is_host_login: bool, knock: Knock, listener: SeatListener) -> Seat:
        if not self.is_open:
            raise Refused(RefusalReason.SHUTTING_DOWN)
        role = self._admit(meeting, is_host_login, knock)
        room = self._registry.open(meeting)
        participant = room.enter(
            knock.display_name,
            role,
            listener,
            is_muted=knock.is_muted or (meeting.mute_on_entry and role is Role.GUEST),
            has_camera=knock.has_camera,
        )
        return RoomSeat(
            room,
            participant,
            _welcome(meeting, room, participant),
            partial(self._side.describe, meeting.id),
            self._registry,
        )

    def _admit(self, meeting: Meeting, is_host_login: bool, knock: Knock) -> Role:
        now, key = time.monotonic(), (meeting.id, knock.source)
        wait_s = self._throttle.wait_s(key, now) if knock.pin else 0.0
        if wait_s:
            raise Refused(RefusalReason.WRONG_PIN, wait_s)
        shown = Credentials(bool(knock.access_key), is_host_login, knock.pin)
        decision = admit(self._facts(meeting), shown, time.time())
        if isinstance(decision, Declined):
            is_guess = decision.reason is RefusalReason.WRONG_PIN
            raise Refused(decision.reason, self._throttle.failed(key, now) if is_guess else 0.0)
        # Whoever knows the room's PIN may still be guessing the host's.
        if knock.pin and (decision.role is Role.HOST or meeting.admin_pin is None):
            self._throttle.succeeded(key)
        return decision.role

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


def _welcome(meeting: Meeting, room: Room, participant: Participant) -> Welcome:
    return Welcome(
        participant_id=participant.participant_id,
        role=participant.role.value,
        subject=meeting.subject,
        cells=room.params.cells,
        is_locked=room.is_locked,
        control=meeting.control.value,
        capacity=meeting.capacity,
        participants=tuple(other.view() for other in room.participants.values()),
    )
