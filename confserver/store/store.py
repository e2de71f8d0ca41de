"""Opens the database in the data folder and hands out transactions.

It knows no table. Nothing above it uses SQL that only SQLite has; what SQLite needs to serve several processes at once
is set in `lanes`, per connection.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from confserver.store.faults import unavailable
from confserver.store.folder import DATABASE, KEY_FILE, UNFINISHED_RESTORE, prepare_folder, unusable_folder
from confserver.store.inspection import inspect_database, unusable
from confserver.store.lanes import Readers, Writers
from confserver.store.migrate import REVISIONS, upgrade
from confserver.store.sealing import Seal

log = structlog.get_logger(__name__)

WAIT_S = 2.0
"""For a turn, and then for another process to finish writing. Somebody stands at a door or before a form meanwhile: to
hear soon that it does not work now, and when to try again, is better than to wait longer."""

T = TypeVar("T")


class Store:
    """An open database, at the newest schema; `seal` protects what must not be readable in it.

    Who reads never waits for those who write. Both raise Unavailable, with a sentence and a time to try again, while
    the database is locked by another process, full, read-only, gone or overrun.
    """

    def __init__(self, database: Path, seal: Seal, wait_s: float = WAIT_S) -> None:
        self._readers = Readers(database, wait_s)
        self._writers = Writers(database, wait_s)
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
        async with self._told_apart(), self._writers.transaction() as session:
            yield session

    async def read(self, work: Callable[[Session], T]) -> T:
        """What `work` finds, while others may write: it runs in a thread, in a session that can only read.

        Raises Unavailable.
        """
        async with self._told_apart():
            return await self._readers.read(work)

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
