"""Opens the database in the data folder and hands out transactions.

It knows no table. Nothing above it uses SQL that only SQLite has; what SQLite needs to serve several processes at once
is set here, per connection.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from confserver.store.faults import busy, unavailable
from confserver.store.folder import DATABASE, KEY_FILE, UNFINISHED_RESTORE, prepare_folder, unusable_folder
from confserver.store.inspection import inspect_database, unusable
from confserver.store.migrate import REVISIONS, upgrade
from confserver.store.sealing import Seal

log = structlog.get_logger(__name__)

READERS = 4
WRITERS = 1
"""SQLite lets one write at a time anyway; the others wait here, in their order, and not in threads that ask again."""
MOST_READING = 512
"""A whole company that opens its links in the same moment waits its turn, a second at most, and is let in."""
MOST_WAITING = 64
WAIT_S = 2.0
"""For a turn, and then for another process to finish writing. Somebody stands at a door or before a form meanwhile: to
hear soon that it does not work now, and when to try again, is better than to wait longer."""


class Store:
    """An open database, at the newest schema; `seal` protects what must not be readable in it.

    Who reads never waits for those who write. Both raise Unavailable, with a sentence and a time to try again, while
    the database is locked by another process, full, read-only, gone or overrun.
    """

    def __init__(self, database: Path, seal: Seal, wait_s: float = WAIT_S) -> None:
        self._readers = _Lane(database, READERS, MOST_READING, wait_s, is_read_only=True)
        self._writers = _Lane(database, WRITERS, MOST_WAITING, wait_s, is_read_only=False)
        self._is_well = True
        self.seal = seal

    @classmethod
    async def open(cls, data_dir: Path, wait_s: float = WAIT_S) -> "Store":
        """The store in `data_dir`, made or migrated as needed.

        Raises ConfigError if the folder cannot be used, StoreError if what is in it cannot: it is left as it is.
        """
        prepare_folder(data_dir)
        try:
            seal = await asyncio.to_thread(_prepare, data_dir)
        except OSError as error:
            raise unusable_folder(data_dir, error) from None
        return cls(data_dir / DATABASE, seal, wait_s)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed at the end, rolled back on an exception. One at a time: never open a second inside.

        Raises Unavailable.
        """
        async with self._told_apart(), self._writers.session() as session:
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that can only read; works on while others write. Raises Unavailable."""
        async with self._told_apart(), self._readers.session() as session:
            yield session

    async def close(self) -> None:
        """Closes every connection."""
        await self._readers.close()
        await self._writers.close()

    @asynccontextmanager
    async def _told_apart(self) -> AsyncIterator[None]:
        """Turns what a bad disk does into Unavailable, and logs when that begins and ends."""
        try:
            yield
        except SQLAlchemyError as error:
            refusal = unavailable(error)
            if refusal is None:
                raise
            self._note(False, str(refusal))
            raise refusal from error
        self._note(True)

    def _note(self, is_well: bool, sentence: str = "") -> None:
        if is_well != self._is_well:
            self._is_well = is_well
            if is_well:
                log.info("the database can be used again")
            else:
                log.warning("the database cannot be used", reason=sentence)


class _Lane:
    """A few connections and the bounded queue of those who wait for one."""

    def __init__(
        self, database: Path, connections: int, most_waiting: int, wait_s: float, *, is_read_only: bool
    ) -> None:
        # Who only reads has nothing to end: each COMMIT and ROLLBACK is a way to SQLite's thread and back.
        reading: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
        self._engine = create_async_engine(
            f"sqlite+aiosqlite:///{database}",
            pool_size=connections,
            max_overflow=0,
            pool_timeout=wait_s,
            hide_parameters=True,  # an error in the log tells the statement, not whose token it was about
            **(reading if is_read_only else {}),
        )
        _prepare_connections(self._engine, wait_s, is_read_only)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        self._is_read_only = is_read_only
        self._most = connections + most_waiting
        self._present = 0

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        if self._present >= self._most:
            raise busy()
        self._present += 1
        try:
            async with self._sessions() as session:
                if self._is_read_only:
                    yield session
                    await session.flush()  # what was written by mistake is not lost in silence
                else:
                    async with session.begin():
                        yield session
        finally:
            self._present -= 1

    async def close(self) -> None:
        await self._engine.dispose()


def _prepare(data_dir: Path) -> Seal:
    database, key, mark = data_dir / DATABASE, data_dir / KEY_FILE, data_dir / UNFINISHED_RESTORE
    if mark.exists():
        raise unusable(mark, "a restore into this folder was interrupted")
    revision = inspect_database(database)
    if revision is not None and not key.exists():
        raise unusable(key, "is missing, and without it nobody can read the PINs of this database")
    if revision is not None and revision not in REVISIONS:
        raise unusable(database, f"was made by a newer version of confserver (schema {revision})")
    seal = Seal.from_file(key)
    if revision is None:
        # In a folder that others may look into, too. SQLite gives the logs beside it the same mode.
        database.touch(mode=0o600)
    if revision != REVISIONS[-1]:
        upgrade(database)
    return seal


def _prepare_connections(engine: AsyncEngine, wait_s: float, is_read_only: bool) -> None:
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

    event.listen(engine.sync_engine, "connect", prepare)
