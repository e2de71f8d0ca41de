"""The two ways to the database: a few connections that only read, one that writes, and the bounded queues before them.

SQLite lives in threads. Who reads goes to one with all their questions and comes back with the answers: each way there
and back costs more than most questions. Who writes asks step by step, while SQLite holds the others off.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from confserver.store.faults import busy

READERS = 4
WRITERS = 1
"""SQLite lets one write at a time anyway; the others wait here, in their order, and not in threads that ask again."""
MOST_READING = 512
"""A whole company that opens its links in the same moment waits its turn, a second at most, and is let in."""
MOST_WAITING = 64

T = TypeVar("T")


class Readers:
    """Threads with a connection each. `wait_s`: for a turn, and then for the database."""

    def __init__(self, database: Path, wait_s: float) -> None:
        self._engine = create_engine(
            f"sqlite:///{database}",
            # There is nothing to commit or to roll back.
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            pool_size=READERS,
            max_overflow=0,
            hide_parameters=True,
        )
        _prepare_connections(self._engine, wait_s, is_read_only=True)
        self._threads = ThreadPoolExecutor(READERS, "reader")
        self._turns = asyncio.Semaphore(READERS)
        self._queue = _Queue(READERS + MOST_READING)
        self._wait_s = wait_s

    async def read(self, work: Callable[[Session], T]) -> T:
        """What `work` gives, in a thread. Raises SQLAlchemyError, and Unavailable if too many wait."""
        with self._queue.place():
            try:
                async with asyncio.timeout(self._wait_s):
                    await self._turns.acquire()
            except TimeoutError:
                raise busy() from None
            try:
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._work, work)
            finally:
                self._turns.release()

    async def close(self) -> None:
        """Once everybody has read."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _work(self, work: Callable[[Session], T]) -> T:
        with Session(self._engine) as session:
            found = work(session)
            session.flush()  # what was written by mistake is not lost in silence
            return found


class Writers:
    """One connection. `wait_s`: for a turn, and then for another process to finish."""

    def __init__(self, database: Path, wait_s: float) -> None:
        self._engine = create_async_engine(
            f"sqlite+aiosqlite:///{database}",
            pool_size=WRITERS,
            max_overflow=0,
            pool_timeout=wait_s,
            hide_parameters=True,  # an error in the log tells the statement, not whose token it was about
        )
        _prepare_connections(self._engine.sync_engine, wait_s, is_read_only=False)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        self._queue = _Queue(WRITERS + MOST_WAITING)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Committed at the end, rolled back on an exception. Raises SQLAlchemyError, Unavailable if too many wait."""
        with self._queue.place():
            async with self._sessions() as session, session.begin():
                yield session

    async def close(self) -> None:
        """Closes the connection."""
        await self._engine.dispose()


class _Queue:
    """How many are there, and how many may be."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._present = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        if self._present >= self._most:
            raise busy()
        self._present += 1
        try:
            yield
        finally:
            self._present -= 1


def _prepare_connections(engine: Engine, wait_s: float, *, is_read_only: bool) -> None:
    pragmas = (
        # First, so that the others wait as well.
        f"PRAGMA busy_timeout = {int(wait_s * 1000)}",
        "PRAGMA journal_mode = WAL",
        # Durable against a crash of the process; in WAL mode also consistent after a loss of power.
        "PRAGMA synchronous = NORMAL",
        "PRAGMA foreign_keys = ON",
        f"PRAGMA query_only = {int(is_read_only)}",
    )

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    event.listen(engine, "connect", prepare)
