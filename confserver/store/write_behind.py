"""Carries what changes in a memory to the database, behind the back of who changes it.

Nobody waits for it. While the database cannot be used the memory keeps what is due; every second it is tried again.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import structlog

from confserver.errors import Unavailable

GATHER_S = 0.03
"""So long changes are gathered: one transaction for what belongs together, and little to lose in a crash."""

RETRY_S = 1.0

log = structlog.get_logger()

ChangesT = TypeVar("ChangesT")
Taken = TypeVar("Taken", covariant=True)
Written = TypeVar("Written", contravariant=True)


class Memory(Protocol[Taken]):
    """What is authoritative while the server runs."""

    on_change: Callable[[], None]

    def take_changes(self) -> Taken | None:
        """What storage must learn; None for nothing."""
        ...

    def changes_failed(self) -> None:
        """What was taken last has not reached storage."""
        ...


class Rows(Protocol[Written]):
    """Where it is stored."""

    async def write(self, changes: Written) -> None:
        """All of the changes, or none. Raises Unavailable."""
        ...


class WriteBehind(Generic[ChangesT]):
    """One task from `start` to `stop`; each of its transactions takes all that is due. `what` it is, for the log."""

    def __init__(self, memory: Memory[ChangesT], rows: Rows[ChangesT], what: str) -> None:
        self._memory = memory
        self._rows = rows
        self._what = what
        self._has_changes = asyncio.Event()
        self._is_stopping = asyncio.Event()
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        memory.on_change = self._has_changes.set

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
            log.warning("the last changes could not be stored", of=self._what)

    async def flush(self) -> bool:
        """Write what is due now; False if it could not be written."""
        async with self._writing:
            return await self._flush()

    async def _flush(self) -> bool:
        changes = self._memory.take_changes()
        if changes is None:
            return True
        try:
            await self._rows.write(changes)
        except Exception as error:
            self._memory.changes_failed()
            if not isinstance(error, Unavailable):  # of which the store has written in the log
                log.exception("changes could not be stored", of=self._what)
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
