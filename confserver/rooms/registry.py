"""All live rooms, by meeting: opened with the first participant, closed after the last, steered by whoever may.

It admits nobody (`door`) and changes no participant itself (`deeds`); of the commands it does those that reach beyond
one room.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from confserver.errors import Conflict, ConfserverError, Forbidden, NotFound
from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.meetings.meeting import Meeting
from confserver.rooms.actor import Actor
from confserver.rooms.bans import Bans, Removal
from confserver.rooms.deeds import perform
from confserver.rooms.edits import MeetingEdits, fields_of
from confserver.rooms.host_news import HostNews
from confserver.rooms.live import LiveParticipant, RoomStatus
from confserver.rooms.overview import participant_of, status_of
from confserver.rooms.permissions import permit
from confserver.rooms.room import Room
from confserver.rooms.room_media import MediaEvent
from confserver.rooms.room_state import RoomState
from confserver.rooms.seat_book import SeatBook, SeatRecord
from confserver.rooms.waiting_entry import WaitingEntry
from confserver.rooms.waiting_rooms import WaitingRooms
from mixer.client import MediaPlane
from signaling.commands import (
    Admit,
    Ban,
    Command,
    Decline,
    End,
    Lock,
    MakeChairman,
    MakeHost,
    MuteOnEntry,
    Readmit,
    Remove,
    SetControl,
    SetLayout,
)
from signaling.errors import RequestError
from signaling.ports import EndingSoon, EndReason

REFUSALS: dict[str, type[ConfserverError]] = {
    "not_allowed": Forbidden,
    "nobody_is_in": NotFound,
    "no_such_participant": NotFound,
    "no_such_waiting": NotFound,
    "no_such_removal": NotFound,
}
"""What the API calls what a page is told; everything else is a Conflict."""


class RoomRegistry:
    """Implements `confserver.rooms.live.LiveRooms`. What is in the book, seats and rooms, outlives rooms.

    `on_meeting` is told of each meeting whose room opens, or whose definition was changed.
    """

    def __init__(
        self,
        media: MediaPlane,
        events: RoomEvents,
        book: SeatBook,
        max_speakers: int,
        bans: Bans,
        waiting: WaitingRooms,
        edits: MeetingEdits,
    ) -> None:
        self._media = media
        self._events = events
        self._book = book
        self._max_speakers = max_speakers
        self._bans = bans
        self._waiting = waiting
        self._edits = edits
        self._rooms: dict[str, Room] = {}
        self._news = HostNews(waiting, bans, self.find)
        self.on_meeting: Callable[[Meeting], None] = lambda meeting: None

    @property
    def meeting_ids(self) -> tuple[str, ...]:
        """The meetings that are live."""
        return tuple(self._rooms)

    @property
    def followed_ids(self) -> tuple[str, ...]:
        """The same, and those that somebody waits for."""
        return (*self._rooms, *(each for each in self._waiting.meeting_ids if each not in self._rooms))

    def find(self, meeting_id: str) -> Room | None:
        """The meeting's room, if it is live."""
        return self._rooms.get(meeting_id)

    def is_locked(self, meeting_id: str) -> bool:
        """Whether a host locked it."""
        return self._book.room(meeting_id).is_locked

    def open(self, meeting: Meeting) -> Room:
        """The meeting's room, made live if it is not."""
        room = self._rooms.get(meeting.id)
        if room is None:
            self.on_meeting(meeting)
            obey = partial(self._media.send, meeting.id)
            room = Room(self._edits.over(meeting), self._max_speakers, obey, self._events, self._book)
            self._rooms[meeting.id] = room
        return room

    def restore(self, meeting: Meeting, seats: Iterable[SeatRecord], held_until: float) -> None:
        """At the start: a meeting that was live goes on, with everybody reconnecting."""
        self.open(meeting).restore(seats, held_until)

    def free_lost(self, now: float) -> None:
        """Free the seats of those who have not come back by `now` (monotonic seconds)."""
        for meeting_id, room in tuple(self._rooms.items()):
            room.free_lost(now)
            self.close_if_empty(meeting_id)

    def close_if_empty(self, meeting_id: str) -> None:
        """After somebody left."""
        room = self._rooms.get(meeting_id)
        if room is not None and not room.participants:
            self.close(meeting_id, EndReason.ENDED)

    def close(self, meeting_id: str, reason: EndReason, by: Actor | None = None) -> None:
        """End the room for all; without effect if it is not live. `by`: whoever asked for it."""
        room = self._rooms.pop(meeting_id, None)
        if room is not None:
            room.close(reason, by)
            self._media.release(meeting_id)

    def close_all(self, reason: EndReason) -> None:
        """The server stops; seats and rooms stay in the book."""
        for meeting_id in self.meeting_ids:
            self.close(meeting_id, reason)

    def hear(self, event: MediaEvent) -> None:
        """What the media plane reports goes to the room concerned."""
        room = self._rooms.get(event.room_id)
        if room is not None:
            room.media.hear(event)

    def media_replaced(self, room_ids: frozenset[str]) -> None:
        """A media worker was replaced: its rooms are made again and their guests told to come back."""
        for room_id in room_ids & self._rooms.keys():
            self._rooms[room_id].media.reopen()

    def status(self, meeting: Meeting) -> RoomStatus:
        """At a glance."""
        room = self._rooms.get(meeting.id)
        state = room.state if room else RoomState.of(self._edits.over(meeting), self._book.room(meeting.id))
        return status_of(room, state, waiting=len(self._waiting.list(meeting.id)))

    def participants(self, meeting_id: str) -> tuple[LiveParticipant, ...]:
        """Who is in, in the order of their coming."""
        room = self._rooms.get(meeting_id)
        return tuple(map(participant_of, room.participants.values())) if room else ()

    def obey(self, meeting: Meeting, actor: Actor, command: Command) -> None:
        """For the API. Raises NotFound, Forbidden, Conflict."""
        try:
            self.steer(meeting.id, meeting.tenant_id, actor, command)
        except RequestError as error:
            raise REFUSALS.get(error.code, Conflict)(error.message) from None

    def steer(self, meeting_id: str, tenant_id: str, actor: Actor, command: Command) -> None:
        """The one way of every command, whoever issues it. Raises RequestError."""
        room = self._rooms.get(meeting_id)
        permit(actor, command, room.state.chairman_id if room else None)
        match command:
            case End():
                self.finish(meeting_id, EndReason.ENDED, actor)
            case Lock() if room is None:
                if self.is_locked(meeting_id) is not command.is_locked:
                    locked = {"is_locked": command.is_locked}
                    self._publish(RoomEventKind.ROOM_CHANGED, meeting_id, tenant_id, actor, locked)
                self._lock_ahead(meeting_id, command.is_locked)
            case SetLayout() | SetControl() | MuteOnEntry():
                self._edits.note(meeting_id, fields_of(command))
                if room is not None:
                    perform(room, actor, command)
            case Admit():
                self._waiting.admit(meeting_id, command.waiting_id, actor)
            case Decline():
                self._waiting.decline(meeting_id, command.waiting_id, command.word, actor)
            case Readmit():
                removal = self._readmit(meeting_id, command.removal_id)
                lifted = {"removal_id": removal.id, "display_name": removal.display_name}
                self._publish(RoomEventKind.REMOVAL_LIFTED, meeting_id, tenant_id, actor, lifted)
            case _ if room is None:
                raise RequestError("nobody_is_in", "Nobody is in this meeting.")
            case Remove() | Ban():
                self._show_out(room, actor, command)
            case MakeHost() | MakeChairman():
                perform(room, actor, command)
                self._news.role_changed(room, command.participant_id)
            case _:
                perform(room, actor, command)

    def waiting(self, meeting_id: str) -> tuple[WaitingEntry, ...]:
        """Who waits to be let in, longest first."""
        return self._waiting.list(meeting_id)

    def bans(self, meeting_id: str) -> tuple[Removal, ...]:
        """Who was shown the door, oldest first."""
        return self._bans.of(meeting_id)

    def warn(self, meeting_id: str, warning: EndingSoon) -> None:
        """Tell everybody that the meeting ends by itself."""
        room = self._rooms.get(meeting_id)
        if room is not None:
            room.people.broadcast(warning)
            room.people.publish(RoomEventKind.ENDING_SOON, detail=warning.reason, data={"in_s": warning.in_s})

    def finish(self, meeting_id: str, reason: EndReason, by: Actor | None = None) -> None:
        """End the meeting for all, and forget its seats, its lock and whom a host removed."""
        self.close(meeting_id, reason, by)
        self._book.forget_meeting(meeting_id)
        self._bans.meeting_over(meeting_id, is_deleted=reason is EndReason.DELETED)
        self._waiting.meeting_over(meeting_id, reason)

    def forget(self, meeting_id: str) -> None:
        """Nobody has come back: the same of a meeting that nobody ended; who waits for the next one waits on."""
        before = self._book.room(meeting_id)
        self._book.forget_meeting(meeting_id)
        if before.is_locked and before.is_locked_ahead:
            self._lock_ahead(meeting_id, is_locked=True)
        self._bans.meeting_over(meeting_id, is_deleted=False)
        self._waiting.on_accepted(meeting_id)

    async def end(self, meeting_id: str, reason: str, by: Actor | None = None) -> None:
        """The same, for the API."""
        self.finish(meeting_id, EndReason(reason), by)

    async def meeting_changed(self, meeting: Meeting) -> None:
        """A stored meeting was edited: what concerns those who are in reaches them."""
        self.on_meeting(meeting)
        room = self._rooms.get(meeting.id)
        if room is not None:
            room.follow(self._edits.over(meeting))
        self._waiting.meeting_changed(meeting)

    def _show_out(self, room: Room, actor: Actor, command: Remove | Ban) -> None:
        """They are gone, and will be known again at the door."""
        one = room.people.find(command.participant_id)
        is_lasting = isinstance(command, Ban)
        self._bans.note(room.room_id, one.marks, one.participant_id, one.display_name, is_lasting, actor)
        room.remove(one.participant_id, actor)
        self.close_if_empty(room.room_id)

    def _lock_ahead(self, meeting_id: str, is_locked: bool) -> None:
        """While nobody is in."""
        room = self._book.room(meeting_id)
        self._book.note_room(replace(room, is_locked=is_locked, is_locked_ahead=is_locked))

    def _readmit(self, meeting_id: str, removal_id: str) -> Removal:
        """Neither their marks nor their old seat keep them out any longer, nor does a neighbour wait for their sake."""
        removal = self._bans.lift(meeting_id, removal_id)
        self._book.forget_seat(meeting_id, removal.seat_id)
        self._waiting.on_accepted(meeting_id)
        return removal

    def _publish(
        self, kind: RoomEventKind, meeting_id: str, tenant_id: str, by: Actor, data: Mapping[str, Any]
    ) -> None:
        """What is done to a meeting also while it has no room that could tell it."""
        self._events.publish(RoomEvent(kind, meeting_id, None, None, tenant_id, {**data, **by.signature}))
