"""What hosts alone are told: who waits at the door, and who was shown it.

It lets nobody in and keeps nobody out (`waiting_rooms`, `bans`).
"""

from collections.abc import Callable

from confserver.rooms.bans import Bans
from confserver.rooms.room import Room
from confserver.rooms.waiting_rooms import WaitingRooms
from signaling.ports import RemovedList, RoomMessage, WaitingList


class HostNews:
    """`find(meeting_id)` is the meeting's room, if it is live."""

    def __init__(self, waiting: WaitingRooms, bans: Bans, find: Callable[[str], Room | None]) -> None:
        self._waiting = waiting
        self._bans = bans
        self._find = find
        waiting.on_change = lambda meeting_id: self._tell_hosts(meeting_id, self._who_waits(meeting_id))
        bans.on_change = lambda meeting_id: self._tell_hosts(meeting_id, self._who_is_out(meeting_id))

    def role_changed(self, room: Room, participant_id: str) -> None:
        """Somebody may know now what there is to know, or may no longer."""
        changed = room.people.find(participant_id)
        waiting, removed = self._who_waits(room.room_id), self._who_is_out(room.room_id)
        if waiting.waiting:
            room.people.tell(changed, waiting if changed.is_host else WaitingList(()))
        if removed.removed:
            room.people.tell(changed, removed if changed.is_host else RemovedList(()))

    def _tell_hosts(self, meeting_id: str, news: RoomMessage) -> None:
        room = self._find(meeting_id)
        if room is not None:
            for host in room.people.hosts:
                room.people.tell(host, news)

    def _who_waits(self, meeting_id: str) -> WaitingList:
        return WaitingList(self._waiting.views(meeting_id))

    def _who_is_out(self, meeting_id: str) -> RemovedList:
        return RemovedList(self._bans.views(meeting_id))
