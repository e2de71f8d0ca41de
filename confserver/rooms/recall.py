"""After a restart: the rooms that were live when the server stopped or crashed are there again, everybody reconnecting.

It reads before the door opens and restores as it opens, so that nobody's seconds run while nobody can come in.
"""

from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.seat import HOLD_S
from confserver.rooms.seat_book import SeatBook, SeatRecord
from confserver.rooms.seat_rows import SeatRows


class Recall:
    """`read`, then `restore`, once each."""

    def __init__(self, rows: SeatRows, meetings: Meetings, book: SeatBook, registry: RoomRegistry) -> None:
        self._rows = rows
        self._meetings = meetings
        self._book = book
        self._registry = registry
        self._live: list[tuple[Meeting, tuple[SeatRecord, ...]]] = []

    async def read(self) -> None:
        """Fill the book with what is stored, and find the meetings that were live. Raises Unavailable."""
        seats, locks = await self._rows.read()
        self._book.recall(seats, locks)
        for meeting_id, present in self._book.present().items():
            meeting = await self._meetings.by_id(meeting_id)
            if meeting is not None:
                self._live.append((meeting, present))

    def has(self, meeting_id: str) -> bool:
        """Whether a meeting is about to be live again."""
        return any(meeting.id == meeting_id for meeting, _ in self._live)

    def restore(self, now: float) -> None:
        """Open their rooms at `now` (monotonic seconds), from which everybody has `HOLD_S` to come back."""
        for meeting, seats in self._live:
            self._registry.restore(meeting, seats, now + HOLD_S)
        self._live.clear()
