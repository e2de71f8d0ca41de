"""The media side of a room: whose endpoints are open, and what the media plane reports of them.

It negotiates nothing (`seat`) and seats nobody (`room`).
"""

from dataclasses import replace

from confserver.events import RoomEventKind
from confserver.rooms.participant import Participant
from confserver.rooms.people import People
from mixer.events import EndpointConnected, EndpointLost, SlotsChanged, SpeakersChanged
from mixer.params import (
    CloseEndpoint,
    CloseRoom,
    EndpointParams,
    OpenEndpoint,
    OpenRoom,
    RoomParams,
    SetParticipant,
    SetView,
)
from signaling.ports import MediaLost, SeatListener, Slots, Speakers

MediaEvent = EndpointConnected | EndpointLost | SlotsChanged | SpeakersChanged
"""What the media plane says of one room."""


class RoomMedia:
    """Endpoints by id, each of one participant. The media plane's room is opened with it."""

    def __init__(self, params: RoomParams, people: People) -> None:
        self.params = params
        self._people = people
        self._endpoints: dict[str, Participant] = {}
        self._speakers = Speakers(())
        people.obey(OpenRoom(params))

    def resize(self) -> None:
        """The layout may be another one."""
        params = replace(self.params, cells=self._people.state.cells)
        if params != self.params:
            self.params = params
            self._people.obey(OpenRoom(params))

    def open_endpoint(self, endpoint: EndpointParams) -> None:
        """A participant's device was negotiated, for the first time or again. Raises RequestError."""
        participant = self._people.find(endpoint.participant_id)
        if endpoint.endpoint_id not in self._endpoints:
            participant.slots = None  # those of another peer connection
        self._endpoints[endpoint.endpoint_id] = participant
        self._people.obey(OpenEndpoint(self.params.room_id, endpoint))

    def close_endpoint(self, endpoint_id: str) -> None:
        """A device is no longer used."""
        if self._endpoints.pop(endpoint_id, None) is not None:
            self._people.obey(CloseEndpoint(self.params.room_id, endpoint_id))

    def pin(self, participant: Participant, pinned_id: str | None) -> None:
        """Whom they want to see, whoever speaks; nobody else notices."""
        if pinned_id != participant.pinned_id:
            participant.pinned_id = pinned_id
            self._tell_view(participant)

    def forget(self, participant: Participant) -> None:
        """Their seat is free; the media plane closes what they had by itself."""
        for viewer in self._people.present.values():
            if viewer.pinned_id == participant.participant_id:
                self.pin(viewer, None)
        self._endpoints = {key: owner for key, owner in self._endpoints.items() if owner is not participant}

    def hear(self, event: MediaEvent) -> None:
        """What the media plane reports of this room. An endpoint that is gone already is none of our business."""
        if isinstance(event, SpeakersChanged):
            self._speakers = Speakers(event.participant_ids)
            self._people.broadcast(self._speakers)
            self._people.publish(RoomEventKind.SPEAKERS, data={"participant_ids": list(event.participant_ids)})
            return
        participant = self._endpoints.get(event.endpoint_id)
        if participant is None:
            return
        match event:
            case SlotsChanged():
                participant.slots = Slots(event.slots)
                self._people.tell(participant, participant.slots)
            case EndpointConnected():
                self._people.publish(RoomEventKind.MEDIA_CONNECTED, participant)
            case EndpointLost():
                del self._endpoints[event.endpoint_id]
                participant.endpoint = None
                self._people.tell(participant, MediaLost())
                self._people.publish(RoomEventKind.MEDIA_LOST, participant, event.reason)

    def catch_up(self, participant: Participant, listener: SeatListener) -> None:
        """Tell somebody whose media went on without them what they have missed."""
        if participant.endpoint is not None:
            listener.notify(self._speakers)
            if participant.slots is not None:
                listener.notify(participant.slots)

    def reopen(self) -> None:
        """Tell a media worker that has just been started what it must know, and the pages to offer anew."""
        self._endpoints.clear()
        self._people.obey(OpenRoom(self.params))
        for participant in self._people.present.values():
            participant.endpoint = None
            self._people.obey(SetParticipant(self.params.room_id, participant.params()))
            if participant.pinned_id is not None:
                self._tell_view(participant)
        self._people.broadcast(MediaLost())

    def close(self) -> None:
        """The media plane forgets the room."""
        self._people.obey(CloseRoom(self.params.room_id))

    def _tell_view(self, viewer: Participant) -> None:
        self._people.obey(SetView(self.params.room_id, viewer.participant_id, viewer.pinned_id))
