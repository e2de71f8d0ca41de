"""Puts the door together from what is stored and what is live.

It holds no rule; the daemon and its tests open the same door.
"""

from collections.abc import Callable

from confserver.events import RoomEvents
from confserver.rooms.door import MeetingDoor
from confserver.rooms.media_side import MediaSide
from confserver.rooms.reception import Reception
from confserver.rooms.rooms import Rooms
from confserver.rooms.seating import Seating
from confserver.rooms.verdicts import Verdicts
from confserver.rooms.waiting_place import WaitingMedia
from confserver.services import Services
from signaling.ports import Look


def open_door(
    stored: Services,
    rooms: Rooms,
    side: MediaSide,
    look_of: Callable[[str], Look],
    music: WaitingMedia,
    events: RoomEvents,
) -> MeetingDoor:
    """The door into these rooms, still closed. See `Seating` for `look_of` and `music`."""
    verdicts = Verdicts(rooms)
    reception = Reception(
        stored.meetings, stored.auth, stored.seat_tokens, stored.join_tokens, verdicts.is_remembered, rooms.clock
    )
    seating = Seating(rooms, side, stored.seat_tokens, look_of, music)
    return MeetingDoor(rooms, reception, verdicts, seating, stored.join_tokens, events)
