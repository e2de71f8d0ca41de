"""Puts whoever was admitted on a seat, and whoever waits into the waiting room.

What it does was decided before (`verdicts`); it awaits nothing, so two who were admitted cannot share the last seat.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from confserver.errors import TooManyRequests
from confserver.http.pace import Pace
from confserver.meetings.meeting import Meeting
from confserver.rooms.admission import Likeness, Role, Waits
from confserver.rooms.media_side import MediaSide
from confserver.rooms.names import Named, guest_name
from confserver.rooms.participant import Participant
from confserver.rooms.reception import Visitor
from confserver.rooms.room import Room
from confserver.rooms.rooms import Rooms
from confserver.rooms.seat import RoomSeat
from confserver.rooms.seat_book import SeatRecord
from confserver.rooms.seat_tokens import SeatClaim, SeatTokens
from confserver.rooms.waiting_entry import WaitingEntry
from confserver.rooms.waiting_place import Place, WaitingMedia
from signaling.errors import RefusalReason, Refused
from signaling.ports import Knock, Look, SeatListener, Waiting

RETURNS_PER_S, RETURNS_AT_ONCE = 1.0, 10
"""Of one seat: each is told to everybody in the room, and a page that seeks its way back pauses between its tries."""


class Seating:
    """`look_of(tenant_id)` says how a tenant has dressed its waiting room, `music` is what one hears there."""

    def __init__(
        self, rooms: Rooms, side: MediaSide, tokens: SeatTokens, look_of: Callable[[str], Look], music: WaitingMedia
    ) -> None:
        self._rooms = rooms
        self._side = side
        self._tokens = tokens
        self._look_of = look_of
        self._music = music
        self._returns = Pace(RETURNS_PER_S, RETURNS_AT_ONCE)

    def seat(self, meeting: Meeting, visitor: Visitor, role: Role, named: Named, listener: SeatListener) -> None:
        """Whoever knocked, on a new seat or on their own. Raises Refused UNAVAILABLE to who comes back too often."""
        knock, claim = visitor.knock, visitor.claim
        before = self._rooms.book.find(meeting.id, claim.seat_id) if claim else None
        waiting = self._rooms.waiting.place_of(meeting.id, claim.seat_id) if claim else None
        if before is not None and not before.is_removed:
            self._keep_pace(before)
            seat = _seat_again(before, knock, named)
        else:
            seat = self._new_seat(meeting, knock, role, named)
            seat = replace(seat, marks=visitor.marks, seat_id=waiting.id if waiting else seat.seat_id)
        if waiting is not None:
            self._rooms.waiting.seated(waiting, listener)
        self._sit(meeting, seat, knock, listener)

    def let_in(self, place: Place, entry: WaitingEntry, role: Role) -> None:
        """Whoever waited."""
        named = Named(entry.display_name, entry.is_verified)
        seat = self._new_seat(place.meeting, place.knock, role, named)
        self._rooms.waiting.seated(entry, place.listener)
        self._sit(place.meeting, replace(seat, seat_id=entry.id, marks=entry.marks), place.knock, place.listener)

    def wait(
        self,
        meeting: Meeting,
        visitor: Visitor,
        decision: Waits,
        named: Named,
        likeness: Likeness,
        listener: SeatListener,
    ) -> None:
        """Whoever knocked, at a new place or at their own."""
        waiting, claim = self._rooms.waiting, visitor.claim
        entry = waiting.place_of(meeting.id, claim.seat_id) if claim else None
        if entry is None:
            was_removed = likeness is Likeness.NEAR
            entry = self._new_entry(meeting, visitor, decision.role, named, was_removed=was_removed)
        elif not entry.is_verified:
            entry = replace(entry, display_name=named.display_name, is_verified=named.is_verified)
        told = Waiting(
            waiting_id=entry.id,
            reason=decision.reason.value,
            subject=meeting.subject,
            host_name=meeting.host_name,
            look=self._look_of(meeting.tenant_id),
            seat_token=self._token(meeting.id, entry.id),
        )
        knock = replace(visitor.knock, pin=None, token=None, seat_token=None, join_token=None)  # not kept for a day
        place = Place(told, meeting, knock, listener, self._music, waiting.gone)
        waiting.take(entry, place)
        listener.made_to_wait(place)

    def _sit(self, meeting: Meeting, seat: SeatRecord, knock: Knock, listener: SeatListener) -> None:
        room = self._rooms.registry.open(meeting)
        participant = room.participants.get(seat.seat_id)
        is_resumed = participant is not None
        if participant is None:
            participant = room.enter(_told_apart(room, seat), listener, has_camera=knock.has_camera)
            _tell_apart(room, participant)
        else:
            room.resume(participant, seat, listener, has_camera=knock.has_camera)
        for_hosts = {"waiting": self._rooms.waiting.views(meeting.id), "removed": self._rooms.bans.views(meeting.id)}
        welcome = room.welcome(
            participant,
            self._token(meeting.id, seat.seat_id),
            is_resumed=is_resumed,
            **(for_hosts if participant.is_host else {}),
        )
        describe = partial(self._side.describe, meeting.id)
        listener.admitted(
            RoomSeat(room, participant, listener, welcome, describe, self._rooms.registry, self._rooms.monotonic)
        )

    def _new_seat(self, meeting: Meeting, knock: Knock, role: Role, named: Named) -> SeatRecord:
        is_muted_as_guest = role is Role.GUEST and self._rooms.registry.open(meeting).state.is_mute_on_entry
        return SeatRecord(
            seat_id=secrets.token_urlsafe(9),
            meeting_id=meeting.id,
            display_name=named.display_name,
            role=role,
            order=0,
            is_self_muted=knock.is_muted or is_muted_as_guest,
            is_verified=named.is_verified,
        )

    def _new_entry(
        self, meeting: Meeting, visitor: Visitor, role: Role, named: Named, *, was_removed: bool
    ) -> WaitingEntry:
        return WaitingEntry(
            id=secrets.token_urlsafe(9),
            meeting_id=meeting.id,
            display_name=named.display_name,
            since=self._rooms.clock(),
            is_known=visitor.is_known,
            was_removed=was_removed,
            is_verified=named.is_verified,
            role=role,
            marks=visitor.marks,
            tenant_id=meeting.tenant_id,
        )

    def _keep_pace(self, before: SeatRecord) -> None:
        try:
            self._returns.take(before.seat_id, self._rooms.monotonic())
        except TooManyRequests as error:
            raise Refused(RefusalReason.UNAVAILABLE, error.retry_after_s) from None

    def _token(self, meeting_id: str, seat_id: str) -> str:
        return self._tokens.issue(SeatClaim(seat_id, meeting_id), self._rooms.clock())


def _told_apart(room: Room, seat: SeatRecord) -> SeatRecord:
    """While a guest waited, or was away, somebody of their name may have become a host."""
    if seat.role is Role.HOST or seat.is_verified:
        return seat
    return replace(seat, display_name=room.guest_name_for(seat.display_name))


def _tell_apart(room: Room, newcomer: Participant) -> None:
    """Guests who were in under a host's name before the host bear the mark from now on."""
    if newcomer.is_host:
        for other in room.participants.values():
            if not (other.is_host or other.is_verified):
                other.rename(guest_name(other.display_name, [newcomer.display_name]))
        room.people.settle()


def _seat_again(before: SeatRecord, knock: Knock, named: Named) -> SeatRecord:
    """Their seat as it was, but for what only they can say: their name, and that they do not want to be heard.

    A name that was vouched for stays.
    """
    is_verified = before.is_verified or named.is_verified
    name = before.display_name if before.is_verified and not named.is_verified else named.display_name
    is_muted = before.is_self_muted or knock.is_muted
    return replace(before, display_name=name, is_verified=is_verified, is_self_muted=is_muted)
