"""All live rooms, by meeting: opened with the first participant, closed after the last; what the API asks of them.

It admits nobody (`door`) and changes no participant itself (`room`).
"""

from collections.abc import Iterable
from functools import partial

from confserver.errors import NotFound
from confserver.events import RoomEvents
from confserver.meetings.fields import Mode
from confserver.meetings.meeting import Meeting
from confserver.rooms.live import LiveParticipant, RoomStatus
from confserver.rooms.participant import Participant
from confserver.rooms.room import MediaEvent, Room
from confserver.rooms.seat_book import SeatBook, SeatRecord
from mixer.client import MediaPlane
from mixer.params import RoomParams
from signaling.errors import RequestError
from signaling.ports import EndReason


def cells_of(meeting: Meeting) -> int:
    """How many pictures a viewer gets at most; a meeting of mode AUDIO has none."""
    return 0 if meeting.mode is Mode.AUDIO else meeting.layout.cells


class RoomRegistry:
    """Implements `confserver.rooms.live.LiveRooms`. What is in the book, seats and locks, outlives rooms."""

    def __init__(self, media: MediaPlane, events: RoomEvents, book: SeatBook, max_speakers: int) -> None:
        self._media = media
        self._events = events
        self._book = book
        self._max_speakers = max_speakers
        self._rooms: dict[str, Room] = {}

    @property
    def meeting_ids(self) -> tuple[str, ...]:
        """The meetings that are live."""
        return tuple(self._rooms)

    def find(self, meeting_id: str) -> Room | None:
        """The meeting's room, if it is live."""
        return self._rooms.get(meeting_id)

    def is_locked(self, meeting_id: str) -> bool:
        """Whether a host locked it."""
        return self._book.is_locked(meeting_id)

    def open(self, meeting: Meeting) -> Room:
        """The meeting's room, made live if it is not."""
        room = self._rooms.get(meeting.id)
        if room is None:
            params = RoomParams(meeting.id, cells_of(meeting), self._max_speakers)
            room = Room(params, partial(self._media.send, meeting.id), self._events, self._book)
            self._rooms[meeting.id] = room
        return room

    def restore(self, meeting: Meeting, seats: Iterable[SeatRecord], held_until: float) -> None:
        """At the start: a meeting that was live goes on, with everybody reconnecting."""
        room = self.open(meeting)
        for seat in seats:
            room.restore(seat, held_until)

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

    def close(self, meeting_id: str, reason: EndReason) -> None:
        """End the room for all; without effect if it is not live."""
        room = self._rooms.pop(meeting_id, None)
        if room is not None:
            room.close(reason)
            self._media.release(meeting_id)

    def close_all(self, reason: EndReason) -> None:
        """The server stops; seats and locks stay in the book."""
        for meeting_id in self.meeting_ids:
            self.close(meeting_id, reason)

    def hear(self, event: MediaEvent) -> None:
        """What the media plane reports goes to the room concerned."""
        room = self._rooms.get(event.room_id)
        if room is not None:
            room.hear(event)

    def media_replaced(self, room_ids: frozenset[str]) -> None:
        """A media worker was replaced: its rooms are made again and their guests told to come back."""
        for room_id in room_ids & self._rooms.keys():
            self._rooms[room_id].reopen()

    def status(self, meeting_id: str) -> RoomStatus:
        """ON_CALL with somebody in it, else ONLINE: a meeting can be joined at any time."""
        room = self._rooms.get(meeting_id)
        participants = list(room.participants.values()) if room else []
        return RoomStatus(
            status="ON_CALL" if participants else "ONLINE",
            locked=self.is_locked(meeting_id),
            muted=bool(participants) and all(participant.is_muted for participant in participants),
            recording=False,
        )

    def participants(self, meeting_id: str) -> tuple[LiveParticipant, ...]:
        """Who is in, in the order of their coming."""
        room = self._rooms.get(meeting_id)
        return tuple(_live(participant) for participant in room.participants.values()) if room else ()

    async def mute(self, meeting_id: str, participant_id: str, is_muted: bool) -> None:
        """By a host. Raises NotFound."""
        try:
            self._live(meeting_id).mute(participant_id, is_muted)
        except RequestError as error:
            raise NotFound(error.message) from None

    async def remove(self, meeting_id: str, participant_id: str) -> None:
        """By a host. Raises NotFound."""
        try:
            self._live(meeting_id).remove(participant_id)
        except RequestError as error:
            raise NotFound(error.message) from None
        self.close_if_empty(meeting_id)

    async def lock(self, meeting_id: str, is_locked: bool) -> None:
        """Whether new guests may come in."""
        self.set_lock(meeting_id, is_locked)

    def set_lock(self, meeting_id: str, is_locked: bool) -> None:
        """The same, for those who may not wait."""
        self._book.lock(meeting_id, is_locked)
        room = self._rooms.get(meeting_id)
        if room is not None:
            room.lock(is_locked)

    def finish(self, meeting_id: str, reason: EndReason) -> None:
        """End the meeting for all, and forget its seats and its lock."""
        self.close(meeting_id, reason)
        self._book.forget_meeting(meeting_id)

    async def end(self, meeting_id: str, reason: str) -> None:
        """The same, for the API."""
        self.finish(meeting_id, EndReason(reason))

    async def meeting_changed(self, meeting: Meeting) -> None:
        """A stored meeting was edited: what concerns those who are in reaches them."""
        room = self._rooms.get(meeting.id)
        if room is not None:
            room.resize(cells_of(meeting))
            room.rename(meeting.subject)

    def _live(self, meeting_id: str) -> Room:
        room = self._rooms.get(meeting_id)
        if room is None:
            raise NotFound("Nobody is in this meeting.")
        return room


def _live(participant: Participant) -> LiveParticipant:
    return LiveParticipant(
        id=participant.participant_id,
        display_name=participant.display_name,
        muted=participant.is_muted,
        chairman=participant.role.value == "host",
        position=participant.position,
    )
