"""Opens the database in the data folder and hands out transactions.

It knows no table. Nothing above it uses SQL that only SQLite has; what SQLite needs to serve several processes at once
is set here, per connection.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from confserver.errors import ConfigError, StoreError
from confserver.store.sealing import Seal

DATABASE = "confserver.sqlite3"
KEY_FILE = "pin.key"
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # Durable against a crash of the process; in WAL mode also consistent after a loss of power.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
)


class Store:
    """An open database, at the newest schema; `seal` protects what must not be readable in it."""

    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self._engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self.seal = seal

    @classmethod
    async def open(cls, data_dir: Path) -> "Store":
        """The store in `data_dir`, made or migrated as needed.

        Raises ConfigError if the folder cannot be used, StoreError if what is in it cannot.
        """
        seal = _prepare_folder(data_dir)
        engine = create_async_engine(f"sqlite+aiosqlite:///{data_dir / DATABASE}")
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        try:
            await _migrate(engine)
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine, seal)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed at the end, rolled back on an exception."""
        async with self._sessions() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Closes every connection."""
        await self._engine.dispose()


def _prepare_folder(data_dir: Path) -> Seal:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Seal.from_file(data_dir / KEY_FILE)
    except OSError as error:
        raise ConfigError(f"data_dir = {str(data_dir)!r}: cannot be used: {error.strerror}.") from None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


async def _migrate(engine: AsyncEngine) -> None:
    # Alembic is only needed here, and takes a while to import.
    from confserver.store.migrate import upgrade

    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    except SQLAlchemyError as error:
        raise StoreError(f"{engine.url.database}: cannot be used as a database: {error}.") from error
