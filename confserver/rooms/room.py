"""A room: the live instance of a meeting. Who is in it, in which state, and who hears of a change.

Each change goes three ways, in this order: into the participants' state, to the media plane as a value, to the
participants' pages as a message. It admits nobody (`admission`), keeps no meeting data beyond what a room needs and
touches no packet.
"""

import itertools
import secrets
from collections.abc import Callable

from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.rooms.admission import Role
from confserver.rooms.participant import Participant
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
    """Participants by id, in the order of their coming. `obey(command)` hands a value to the media plane."""

    def __init__(self, params: RoomParams, obey: Callable[[Command], None], events: RoomEvents) -> None:
        self.params = params
        self.participants: dict[str, Participant] = {}
        self._endpoints: dict[str, Participant] = {}
        self.is_locked = False
        self._obey = obey
        self._events = events
        self._order = itertools.count()
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

    def enter(
        self, display_name: str, role: Role, listener: SeatListener, *, is_muted: bool, has_camera: bool
    ) -> Participant:
        """Seat somebody who was admitted; everybody else is told."""
        participant = Participant(
            participant_id=secrets.token_urlsafe(9),
            display_name=display_name,
            role=role,
            listener=listener,
            order=next(self._order),
            is_self_muted=is_muted,
            has_camera=has_camera and self.has_pictures,
        )
        self.broadcast(Joined(participant.view()))
        self.participants[participant.participant_id] = participant
        self._obey(SetParticipant(self.room_id, participant.params()))
        self._publish(RoomEventKind.PARTICIPANT_JOINED, participant.participant_id, role.value)
        return participant

    def leave(self, participant_id: str, reason: LeaveReason) -> None:
        """Free a seat; without effect if it is free."""
        participant = self.participants.pop(participant_id, None)
        if participant is not None:
            self._endpoints = {key: owner for key, owner in self._endpoints.items() if owner is not participant}
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
        participant.listener.close(EndReason.REMOVED)

    def open_endpoint(self, endpoint: EndpointParams) -> None:
        """A participant's device was negotiated, for the first time or again."""
        self._endpoints[endpoint.endpoint_id] = self.participant(endpoint.participant_id)
        self._obey(OpenEndpoint(self.room_id, endpoint))

    def close_endpoint(self, endpoint_id: str) -> None:
        """A device is no longer used."""
        if self._endpoints.pop(endpoint_id, None) is not None:
            self._obey(CloseEndpoint(self.room_id, endpoint_id))

    def hear(self, event: MediaEvent) -> None:
        """What the media plane reports of this room. An endpoint that is gone already is none of our business."""
        if isinstance(event, SpeakersChanged):
            self.broadcast(Speakers(event.participant_ids))
            return
        participant = self._endpoints.get(event.endpoint_id)
        if participant is None:
            return
        match event:
            case SlotsChanged():
                participant.listener.notify(Slots(event.slots))
            case EndpointConnected():
                self._publish(RoomEventKind.MEDIA_CONNECTED, participant.participant_id)
            case EndpointLost():
                del self._endpoints[event.endpoint_id]
                participant.endpoint = None
                participant.listener.notify(MediaLost())
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
        """To everybody who is in."""
        for participant in list(self.participants.values()):
            participant.listener.notify(message)

    def _changed(self, participant: Participant) -> None:
        self._obey(SetParticipant(self.room_id, participant.params()))
        self.broadcast(Updated(participant.view()))
        self._publish(RoomEventKind.PARTICIPANT_UPDATED, participant.participant_id)

    def _publish(self, kind: RoomEventKind, participant_id: str | None = None, detail: str | None = None) -> None:
        self._events.publish(RoomEvent(kind, self.room_id, participant_id, detail))
