"""Looks at a database file before anything opens it to write: a damaged one is refused, and stays as it is.

It repairs nothing and migrates nothing (`confserver.store.migrate`). Read-only, because the last ordinary connection to
a database moves the log beside it (`-wal`) into the file, which would finish off a damaged one.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from shlex import quote

from confserver.errors import StoreError

LOOK_LIMIT_S = 2.0
STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 10_000
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def unusable(path: Path, fact: str) -> StoreError:
    """The refusal of a file of the data folder, with the command that puts a backup in its place."""
    command = f"confserver restore FILE --replace --data-dir {quote(str(path.parent))}"
    return StoreError(f"{path}: {fact}; to put a backup in its place: {command}", f"{path.name} {fact}")


def inspect_database(database: Path, *, limit_s: float = LOOK_LIMIT_S) -> str | None:
    """The revision of its schema, or None if there is no database yet. Raises StoreError for one that is damaged.

    The pages are checked for at most `limit_s` seconds; of a database too large for that the rest is taken on trust.
    """
    if not database.exists() or database.stat().st_size == 0:
        _refuse_orphaned_log(database)
        return None
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            _check_pages(connection, database, limit_s)
            return _revision(connection, database)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in DAMAGED:
            raise unusable(database, f"is damaged or no database ({error})") from None
        raise StoreError(f"{database}: cannot be read: {error}.") from None


def _refuse_orphaned_log(database: Path) -> None:
    """SQLite would take the log of a database that has vanished for a leftover, and delete it."""
    log = database.with_name(f"{database.name}-wal")
    if log.exists() and log.stat().st_size:
        raise unusable(database, f"is empty or missing, though its log {log.name} is not")


def _check_pages(connection: sqlite3.Connection, database: Path, limit_s: float) -> None:
    give_up_at = time.monotonic() + limit_s
    connection.set_progress_handler(lambda: time.monotonic() > give_up_at, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK)
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        found = "ok"
    finally:
        connection.set_progress_handler(None, 0)
    if found != "ok":
        raise unusable(database, f"is damaged ({' '.join(found.split())})")


def _revision(connection: sqlite3.Connection, database: Path) -> str | None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise unusable(database, "is the database of another program")
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None
