"""What those who wait hear: each meeting's lobby is a room of its own in the media plane, apart from the meeting's.

It implements `waiting_place.WaitingMedia`. It decides nothing about who waits, and lets nobody's media through to
anybody: there are none to let through.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from confserver.meetings.meeting import Meeting
from confserver.rooms.waiting_place import Lines
from mixer.capabilities import Capabilities
from mixer.events import EndpointConnected, EndpointLost, SlotsChanged, SpeakersChanged
from mixer.params import (
    CloseRoom,
    Command,
    EndpointParams,
    OpenEndpoint,
    OpenRoom,
    ParticipantParams,
    Purpose,
    RemoveParticipant,
    RoomParams,
    SetParticipant,
)
from signaling.errors import RequestError
from signaling.sdp.errors import SdpError
from signaling.sdp.negotiate import LocalDescription, Negotiated, answer
from signaling.sdp.parse import parse

SUFFIX = "/waiting"
"""Of the lobby's name in the media plane; no meeting's id has a slash."""

LobbyEvent = EndpointConnected | EndpointLost | SlotsChanged | SpeakersChanged


@dataclass(slots=True)
class _Lobby:
    """One meeting's: what was negotiated with each place, by its id."""

    room: RoomParams
    places: dict[str, tuple[str, Negotiated]] = field(default_factory=dict)


class Lobbies:
    """`send(room, command)` reaches the media plane, `describe(room)` tells our side of a transport there,
    `release(room)` forgets a room; `music_of(tenant)` is the path of its tune, None for silence.
    """

    def __init__(
        self,
        send: Callable[[str, Command], None],
        describe: Callable[[str], LocalDescription],
        release: Callable[[str], None],
        music_of: Callable[[str], str | None],
    ) -> None:
        self._send = send
        self._describe = describe
        self._release = release
        self._music_of = music_of
        self._lobbies: dict[str, _Lobby] = {}

    async def negotiate(self, meeting: Meeting, place_id: str, sdp: str, lines: Lines, is_new: bool) -> str:
        """The answer to an offer: sound towards the client, and nothing else. Raises RequestError `bad_sdp`."""
        room_id = meeting.id + SUFFIX
        lobby = self._lobbies.get(meeting.id)
        before = lobby.places.get(place_id) if lobby else None
        kept = None if is_new else before
        heard = {mid: purpose for mid, purpose in lines.items() if purpose is Purpose.AUDIO}
        try:
            previous = kept[1] if kept else None
            negotiated = answer(parse(sdp), heard, self._describe(room_id), Capabilities(), _new_ssrc, previous)
        except SdpError as error:
            raise RequestError("bad_sdp", str(error)) from None
        lobby = lobby or self._open(meeting, room_id)
        if before is not None and kept is None:
            self._send(room_id, RemoveParticipant(room_id, place_id))
        endpoint_id = kept[0] if kept else secrets.token_urlsafe(9)
        lobby.places[place_id] = (endpoint_id, negotiated)
        self._send(
            room_id, SetParticipant(room_id, ParticipantParams(place_id, order=0, is_muted=True, is_silenced=True))
        )
        endpoint = EndpointParams(endpoint_id, place_id, negotiated.transport, negotiated.lines)
        self._send(room_id, OpenEndpoint(room_id, endpoint))
        return negotiated.sdp

    def close(self, meeting_id: str, place_id: str) -> None:
        """The place is gone; the last one takes the lobby with it. Without effect if it had no media."""
        lobby = self._lobbies.get(meeting_id)
        if lobby is None or lobby.places.pop(place_id, None) is None:
            return
        room_id = lobby.room.room_id
        self._send(room_id, RemoveParticipant(room_id, place_id))
        if not lobby.places:
            del self._lobbies[meeting_id]
            self._send(room_id, CloseRoom(room_id))
            self._release(room_id)

    def hear(self, event: LobbyEvent) -> None:
        """A transport that ended is negotiated anew by its page, if it still waits; there is nothing else to hear."""
        meeting_id, is_lobby, _ = event.room_id.partition(SUFFIX)
        lobby = self._lobbies.get(meeting_id) if is_lobby else None
        if lobby is not None and isinstance(event, EndpointLost):
            lost = [place_id for place_id, (endpoint_id, _) in lobby.places.items() if endpoint_id == event.endpoint_id]
            for place_id in lost:
                self.close(meeting_id, place_id)

    def media_replaced(self, room_ids: frozenset[str]) -> None:
        """A media worker was replaced: who waits waits on in silence, until their page offers again."""
        for meeting_id, lobby in tuple(self._lobbies.items()):
            if lobby.room.room_id in room_ids:
                del self._lobbies[meeting_id]
                self._release(lobby.room.room_id)

    def _open(self, meeting: Meeting, room_id: str) -> _Lobby:
        room = RoomParams(room_id, cells=0, is_lobby=True, music=self._music_of(meeting.tenant_id))
        lobby = self._lobbies[meeting.id] = _Lobby(room)
        self._send(room_id, OpenRoom(room))
        return lobby


def _new_ssrc() -> int:
    return secrets.randbelow(2**32 - 1) + 1
