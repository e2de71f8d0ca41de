"""A room: the live instance of a meeting. Who is in it, in which state, and who hears of a change.

Each change goes four ways, in this order: into the participants' state, into the book of seats, to the media plane as a
value, to the participants' pages as a message. It admits nobody (`admission`), keeps no meeting data beyond what a room
needs and touches no packet.
"""

from collections.abc import Callable

from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.rooms.admission import Role
from confserver.rooms.participant import Participant
from confserver.rooms.seat_book import SeatBook, SeatRecord
from mixer.events import EndpointConnected, EndpointLost, SlotsChanged, SpeakersChanged
from mixer.params import (
    CloseEndpoint,
    CloseRoom,
    Command,
    EndpointParams,
    OpenEndpoint,
    OpenRoom,
    RemoveParticipant,
    RoomParams,
    SetParticipant,
)
from signaling.errors import RequestError
from signaling.ports import (
    EndReason,
    Joined,
    LeaveReason,
    Left,
    MediaLost,
    RoomChanged,
    RoomMessage,
    SeatListener,
    Slots,
    Speakers,
    Updated,
)

MediaEvent = EndpointConnected | EndpointLost | SlotsChanged | SpeakersChanged
"""What the media plane says of one room."""


class Room:
    """Participants by id, in the order of their coming. `obey(command)` hands a value to the media plane.

    Who is reconnecting is a participant like any other, without a page. Times are monotonic seconds.
    """

    def __init__(self, params: RoomParams, obey: Callable[[Command], None], events: RoomEvents, book: SeatBook) -> None:
        self.params = params
        self.participants: dict[str, Participant] = {}
        self._endpoints: dict[str, Participant] = {}
        self.is_locked = book.is_locked(params.room_id)
        self._obey = obey
        self._events = events
        self._book = book
        self._next_order = 0
        self._speakers = Speakers(())
        self._publish(RoomEventKind.ROOM_OPENED)
        obey(OpenRoom(params))

    @property
    def room_id(self) -> str:
        """The id of its meeting."""
        return self.params.room_id

    @property
    def has_pictures(self) -> bool:
        """Whether anybody may be seen here at all."""
        return self.params.cells > 0

    @property
    def has_host(self) -> bool:
        """Whether a host is in."""
        return any(participant.role is Role.HOST for participant in self.participants.values())

    def enter(self, seat: SeatRecord, listener: SeatListener, *, has_camera: bool) -> Participant:
        """Seat somebody who was admitted, to a new seat or one that was theirs before; everybody else is told."""
        order, self._next_order = self._next_order, self._next_order + 1
        participant = Participant.of(seat, order, listener, has_camera=has_camera and self.has_pictures)
        self.broadcast(Joined(participant.view()))
        self._add(participant)
        return participant

    def restore(self, seat: SeatRecord, held_until: float) -> None:
        """Hold a seat for somebody who sat there when the server stopped."""
        participant = Participant.of(seat, seat.order, None)
        participant.held_until = held_until
        self._next_order = max(self._next_order, seat.order + 1)
        self._add(participant)

    def disconnect(self, participant: Participant, held_until: float, *, has_screen: bool) -> None:
        """A participant's connection is gone, the seat waits for them. `has_screen`: it may still be shown."""
        participant.listener = None
        participant.held_until = held_until
        participant.has_screen = participant.has_screen and has_screen
        self._changed(participant, RoomEventKind.PARTICIPANT_RECONNECTING)

    def resume(self, participant: Participant, seat: SeatRecord, listener: SeatListener, *, has_camera: bool) -> None:
        """Somebody came back in time, or in a newer tab, which wins. The others are told if anything has changed."""
        before, replaced = participant.view(), participant.listener
        participant.listener = listener
        participant.display_name = seat.display_name
        participant.is_self_muted = seat.is_self_muted
        participant.has_camera = has_camera and self.has_pictures
        participant.has_screen = participant.has_screen and participant.endpoint is not None
        if participant.view() == before:
            self._book.note(participant.record(self.room_id))
        else:
            self._changed(participant, RoomEventKind.PARTICIPANT_RETURNED)
        if replaced is not None:
            replaced.close(EndReason.REPLACED)
        self._catch_up(participant, listener)

    def free_lost(self, now: float) -> None:
        """Free the seats of those who have not come back in time."""
        for participant in list(self.participants.values()):
            if participant.listener is None and now >= participant.held_until:
                self.leave(participant.participant_id, LeaveReason.LOST)

    def leave(self, participant_id: str, reason: LeaveReason) -> None:
        """Free a seat; without effect if it is free. Only who leaves by themselves is forgotten."""
        participant = self.participants.pop(participant_id, None)
        if participant is None:
            return
        self._endpoints = {key: owner for key, owner in self._endpoints.items() if owner is not participant}
        if reason is LeaveReason.LEFT:
            self._book.forget_seat(self.room_id, participant_id)
        else:
            is_removed = reason is LeaveReason.REMOVED
            self._book.note(participant.record(self.room_id, is_present=False, is_removed=is_removed))
        self._obey(RemoveParticipant(self.room_id, participant_id))
        self.broadcast(Left(participant_id, reason))
        self._publish(RoomEventKind.PARTICIPANT_LEFT, participant_id, reason.value)

    def participant(self, participant_id: str) -> Participant:
        """Raises RequestError `no_such_participant`."""
        found = self.participants.get(participant_id)
        if found is None:
            raise RequestError("no_such_participant", "There is no such participant in this meeting.")
        return found

    def set_own(
        self,
        participant_id: str,
        *,
        is_muted: bool | None = None,
        has_camera: bool | None = None,
        has_screen: bool | None = None,
        display_name: str | None = None,
    ) -> None:
        """What a participant says of themselves; None leaves as is. Raises RequestError `muted_by_host`."""
        participant = self.participant(participant_id)
        if is_muted is False and participant.is_muted_by_host:
            raise RequestError("muted_by_host", "A host muted you; only a host can undo that.")
        if is_muted is not None:
            participant.is_self_muted = is_muted
        if has_camera is not None:
            participant.has_camera = has_camera and self.has_pictures
        if has_screen is not None:
            participant.has_screen = has_screen and self.has_pictures
        if display_name is not None:
            participant.display_name = display_name
        self._changed(participant)

    def mute(self, participant_id: str, is_muted: bool) -> None:
        """By a host. Unmuting undoes the host's mute only: nobody's microphone is opened for them."""
        participant = self.participant(participant_id)
        participant.is_muted_by_host = is_muted
        self._changed(participant)

    def remove(self, participant_id: str) -> None:
        """By a host: out, and told so."""
        participant = self.participant(participant_id)
        self.leave(participant_id, LeaveReason.REMOVED)
        if participant.listener is not None:
            participant.listener.close(EndReason.REMOVED)

    def open_endpoint(self, endpoint: EndpointParams) -> None:
        """A participant's device was negotiated, for the first time or again."""
        participant = self.participant(endpoint.participant_id)
        if endpoint.endpoint_id not in self._endpoints:
            participant.slots = None  # those of another peer connection
        self._endpoints[endpoint.endpoint_id] = participant
        self._obey(OpenEndpoint(self.room_id, endpoint))

    def close_endpoint(self, endpoint_id: str) -> None:
        """A device is no longer used."""
        if self._endpoints.pop(endpoint_id, None) is not None:
            self._obey(CloseEndpoint(self.room_id, endpoint_id))

    def hear(self, event: MediaEvent) -> None:
        """What the media plane reports of this room. An endpoint that is gone already is none of our business."""
        if isinstance(event, SpeakersChanged):
            self._speakers = Speakers(event.participant_ids)
            self.broadcast(self._speakers)
            return
        participant = self._endpoints.get(event.endpoint_id)
        if participant is None:
            return
        match event:
            case SlotsChanged():
                participant.slots = Slots(event.slots)
                self._tell(participant, participant.slots)
            case EndpointConnected():
                self._publish(RoomEventKind.MEDIA_CONNECTED, participant.participant_id)
            case EndpointLost():
                del self._endpoints[event.endpoint_id]
                participant.endpoint = None
                self._tell(participant, MediaLost())
                self._publish(RoomEventKind.MEDIA_LOST, participant.participant_id, event.reason)

    def lock(self, is_locked: bool) -> None:
        """Nobody new but hosts gets in while locked."""
        if is_locked != self.is_locked:
            self.is_locked = is_locked
            self.broadcast(RoomChanged(is_locked=is_locked))

    def rename(self, subject: str) -> None:
        """The meeting's subject was edited."""
        self.broadcast(RoomChanged(subject=subject))

    def resize(self, cells: int) -> None:
        """The meeting's layout was edited: so many cells from now on."""
        if cells != self.params.cells:
            self.params = RoomParams(self.room_id, cells, self.params.max_speakers)
            self._obey(OpenRoom(self.params))
            self.broadcast(RoomChanged(cells=cells))

    def close(self, reason: EndReason) -> None:
        """Everybody is told and out, the media plane forgets the room."""
        for participant in list(self.participants.values()):
            del self.participants[participant.participant_id]
            if participant.listener is not None:
                participant.listener.close(reason)
            self._publish(RoomEventKind.PARTICIPANT_LEFT, participant.participant_id, reason.value)
        self._obey(CloseRoom(self.room_id))
        self._publish(RoomEventKind.ROOM_CLOSED, detail=reason.value)

    def reopen(self) -> None:
        """Tell a media worker that has just been started what it must know, and the pages to offer anew."""
        self._endpoints.clear()
        self._obey(OpenRoom(self.params))
        for participant in self.participants.values():
            participant.endpoint = None
            self._obey(SetParticipant(self.room_id, participant.params()))
        self.broadcast(MediaLost())

    def broadcast(self, message: RoomMessage) -> None:
        """To everybody who is in and connected."""
        for participant in list(self.participants.values()):
            self._tell(participant, message)

    def _tell(self, participant: Participant, message: RoomMessage) -> None:
        if participant.listener is not None:
            participant.listener.notify(message)

    def _catch_up(self, participant: Participant, listener: SeatListener) -> None:
        """Tell somebody whose media went on without them what they have missed."""
        if participant.endpoint is not None:
            listener.notify(self._speakers)
            if participant.slots is not None:
                listener.notify(participant.slots)

    def _add(self, participant: Participant) -> None:
        self.participants[participant.participant_id] = participant
        self._book.note(participant.record(self.room_id))
        self._obey(SetParticipant(self.room_id, participant.params()))
        self._publish(RoomEventKind.PARTICIPANT_JOINED, participant.participant_id, participant.role.value)

    def _changed(self, participant: Participant, kind: RoomEventKind = RoomEventKind.PARTICIPANT_UPDATED) -> None:
        self._book.note(participant.record(self.room_id))
        self._obey(SetParticipant(self.room_id, participant.params()))
        self.broadcast(Updated(participant.view()))
        self._publish(kind, participant.participant_id)

    def _publish(self, kind: RoomEventKind, participant_id: str | None = None, detail: str | None = None) -> None:
        self._events.publish(RoomEvent(kind, self.room_id, participant_id, detail))
