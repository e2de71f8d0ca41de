"""Carries the changes of the book of seats to the database, behind the rooms' back.

Rooms never wait for it. While the database cannot be used the book keeps what is due; every second it is tried again.
"""

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import SQLAlchemyError

from confserver.errors import Unavailable
from confserver.rooms.seat_book import SeatBook
from confserver.rooms.seat_rows import SeatRows

GATHER_S = 0.03
"""So long changes are gathered: one transaction for what belongs together, and little to lose in a crash."""

RETRY_S = 1.0

log = structlog.get_logger()


class SeatWriter:
    """One task from `start` to `stop`; each of its transactions takes all that is due."""

    def __init__(self, book: SeatBook, rows: SeatRows) -> None:
        self._book = book
        self._rows = rows
        self._has_changes = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        book.on_change = self._has_changes.set

    def start(self) -> None:
        """Write behind from now on."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what is due, if it can be written, and end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None
        if not await self.flush():
            log.warning("the last changes of seats and locks could not be stored")

    async def flush(self) -> bool:
        """Write what is due now; False if it could not be written."""
        changes = self._book.take_changes()
        if changes is None:
            return True
        is_written = False
        try:
            # A database that is gone is logged by the store; anything else is our fault, and ends no meeting.
            with contextlib.suppress(Unavailable):
                await self._rows.write(changes)
                is_written = True
        except SQLAlchemyError:
            log.exception("seats could not be stored")
        finally:
            if not is_written:
                self._book.changes_failed()
        return is_written

    async def _run(self) -> None:
        while True:
            await self._has_changes.wait()
            self._has_changes.clear()
            await asyncio.sleep(GATHER_S)
            if not await self.flush():
                await asyncio.sleep(RETRY_S)
