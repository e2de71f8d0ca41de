"""After a restart: the rooms that were live when the server stopped or crashed are there again, everybody reconnecting;
who waited may wait on, and who was shown the door stays out.

It reads before the door opens and restores as it opens, so that nobody's seconds run while nobody can come in.
"""

from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.rooms.bans import Removal
from confserver.rooms.ledger_rows import LedgerRows
from confserver.rooms.rooms import Rooms
from confserver.rooms.seat import HOLD_S
from confserver.rooms.seat_book import SeatRecord
from confserver.rooms.seat_rows import SeatRows
from confserver.rooms.waiting_entry import WaitingEntry


class Recall:
    """`read`, then `restore`, once each."""

    def __init__(
        self,
        meetings: Meetings,
        rooms: Rooms,
        seats: SeatRows,
        waiting: LedgerRows[WaitingEntry],
        bans: LedgerRows[Removal],
    ) -> None:
        self._meetings = meetings
        self._rooms = rooms
        self._seats = seats
        self._waiting = waiting
        self._bans = bans
        self._live: list[tuple[Meeting, tuple[SeatRecord, ...]]] = []
        self._who_waited: tuple[WaitingEntry, ...] = ()

    async def read(self) -> None:
        """Fill the book with what is stored, and find the meetings that were live. Raises Unavailable."""
        self._rooms.book.recall(*await self._seats.read())
        self._rooms.bans.restore(await self._bans.read())
        self._who_waited = await self._waiting.read()
        for meeting_id, present in self._rooms.book.present().items():
            meeting = await self._meetings.by_id(meeting_id)
            if meeting is not None:
                self._live.append((meeting, present))

    def has(self, meeting_id: str) -> bool:
        """Whether a meeting is about to be live again."""
        return any(meeting.id == meeting_id for meeting, _ in self._live)

    def restore(self) -> None:
        """Open their rooms now; everybody has `HOLD_S` to come back."""
        for meeting, seats in self._live:
            self._rooms.registry.restore(meeting, seats, self._rooms.monotonic() + HOLD_S)
        self._rooms.waiting.restore(self._who_waited)
        self._live.clear()
