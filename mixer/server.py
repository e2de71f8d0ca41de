"""The media server: obeys commands, keeps the rooms, beats their common tick.

It knows no process, socket or clock of its own: `network` sends and routes datagrams, `now` is passed in, `report`
takes what is to be told. Tests run it in their own process.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from mixer.base.drops import Drops
from mixer.events import EndpointLost, Event, StatsReport
from mixer.network import Network
from mixer.params import (
    AskStats,
    CloseEndpoint,
    CloseRoom,
    Command,
    OpenEndpoint,
    OpenRoom,
    RemoveParticipant,
    SetParticipant,
    SetView,
)
from mixer.room import TOTALS, MediaRoom
from mixer.transport.certificate import Certificate


class MediaServer:
    """Rooms by id. A command for a room that is not open has no effect: it crossed with the room's end."""

    def __init__(
        self, network: Network, certificate: Certificate, report: Callable[[Event], None], drops: Drops
    ) -> None:
        self._network = network
        self._certificate = certificate
        self._report = report
        self._drops = drops
        self._rooms: dict[str, MediaRoom] = {}
        # From the start with all names: a figure that appears late cannot be watched for its first change.
        self._closed_rooms = Counter(dict.fromkeys(TOTALS, 0))
        self._figures: Callable[[], dict[str, float]] = dict
        self._handlers: dict[type, Callable[[Any, float], None]] = {
            OpenRoom: self._open_room,
            CloseRoom: self._close_room,
            SetParticipant: self._set_participant,
            RemoveParticipant: self._remove_participant,
            SetView: self._set_view,
            OpenEndpoint: self._open_endpoint,
            CloseEndpoint: self._close_endpoint,
            AskStats: self._tell_stats,
        }

    def obey(self, command: Command, now: float) -> None:
        """Carry out one command."""
        self._handlers[type(command)](command, now)

    def tick(self, now: float, skipped: int) -> None:
        """20 ms have passed in every room."""
        for room in self._rooms.values():
            room.tick(now, skipped)

    def measure(self, figures: Callable[[], dict[str, float]]) -> None:
        """Have stats include what `figures()` gives when they are asked for."""
        self._figures = figures

    def close(self, now: float) -> None:
        """Close every room."""
        for room_id in list(self._rooms):
            self._close_room(CloseRoom(room_id), now)

    def counters(self) -> dict[str, float]:
        """What happened since the start, by dotted name."""
        totals = Counter(self._closed_rooms)
        drops = Drops(self._drops)
        for room in self._rooms.values():
            totals.update(room.totals())
            drops.update(room.audio.drops)
        return {
            "rooms": len(self._rooms),
            "endpoints": sum(len(room.endpoints) for room in self._rooms.values()),
            "drop.kernel": self._network.kernel_drops,
            **totals,
            **{f"drop.{reason.value}": count for reason, count in drops.items()},
            **self._figures(),
        }

    def _open_room(self, command: OpenRoom, now: float) -> None:
        params = command.room
        room = self._rooms.get(params.room_id)
        if room is None:
            self._rooms[params.room_id] = MediaRoom(params, self._network, self._certificate, self._report, self._drops)
        else:
            room.set_cells(params.cells, now)

    def _close_room(self, command: CloseRoom, now: float) -> None:
        room = self._rooms.pop(command.room_id, None)
        if room is not None:
            room.close(now)
            self._closed_rooms.update(room.totals())
            self._drops.update(room.audio.drops)

    def _set_participant(self, command: SetParticipant, now: float) -> None:
        room = self._rooms.get(command.room_id)
        if room is not None:
            room.set_participant(command.participant, now)

    def _remove_participant(self, command: RemoveParticipant, now: float) -> None:
        room = self._rooms.get(command.room_id)
        if room is not None:
            room.remove_participant(command.participant_id, now)

    def _set_view(self, command: SetView, now: float) -> None:
        room = self._rooms.get(command.room_id)
        if room is not None:
            room.set_view(command.participant_id, command.pinned_id, now)

    def _open_endpoint(self, command: OpenEndpoint, now: float) -> None:
        room = self._rooms.get(command.room_id)
        if room is None:
            self._report(EndpointLost(command.room_id, command.endpoint.endpoint_id, "no-room"))
        else:
            room.open_endpoint(command.endpoint, now)

    def _close_endpoint(self, command: CloseEndpoint, now: float) -> None:
        room = self._rooms.get(command.room_id)
        if room is not None:
            room.close_endpoint(command.endpoint_id, now)

    def _tell_stats(self, command: AskStats, now: float) -> None:
        self._report(StatsReport(command.token, tuple(self.counters().items())))
