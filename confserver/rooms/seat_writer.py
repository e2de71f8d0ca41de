"""Carries the changes of the book of seats to the database, behind the rooms' back.

Rooms never wait for it. While the database cannot be used the book keeps what is due; every second it is tried again.
"""

import asyncio
import contextlib

import structlog

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
        self._is_stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        book.on_change = self._has_changes.set

    def start(self) -> None:
        """Write behind from now on."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what is due, if it can be written, and end. A transaction under way is waited for, not cut off."""
        self._is_stopping.set()
        self._has_changes.set()
        if self._task is not None:
            await self._task
        if not await self.flush():
            log.warning("the last changes of seats and locks could not be stored")

    async def flush(self) -> bool:
        """Write what is due now; False if it could not be written."""
        changes = self._book.take_changes()
        if changes is None:
            return True
        try:
            await self._rows.write(changes)
        except Exception as error:
            self._book.changes_failed()
            if not isinstance(error, Unavailable):  # of which the store has written in the log
                log.exception("seats could not be stored")
            return False
        return True

    async def _run(self) -> None:
        while not self._is_stopping.is_set():
            await self._has_changes.wait()
            self._has_changes.clear()
            await self._pause(GATHER_S)
            if not await self.flush():
                await self._pause(RETRY_S)

    async def _pause(self, pause_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_stopping.wait(), pause_s)
