"""The live half of the control plane, as the parts of the door need it: rooms, seats, who waits, who is kept out.

It only holds them together; each is a part of its own.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from confserver.meetings.life import Life
from confserver.meetings.meeting import Meeting
from confserver.rooms.bans import Bans
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.seat_book import SeatBook
from confserver.rooms.waiting_rooms import WaitingRooms


class Lives(Protocol):
    """What the life of meetings says of one of them."""

    def life_of(self, meeting: Meeting) -> Life:
        """How far it has come."""
        ...

    def may_open(self, meeting: Meeting) -> bool:
        """Whether its tenant may have one more meeting online."""
        ...


@dataclass(frozen=True, slots=True)
class Rooms:
    """`clock` gives Unix seconds, `monotonic` those that measure waiting."""

    registry: RoomRegistry
    book: SeatBook
    waiting: WaitingRooms
    bans: Bans
    lives: Lives
    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
