"""What SQLite reports, told apart: a disk that will not do it now, or a mistake in the program.

It decides nothing about trying again. Result codes: https://www.sqlite.org/rescode.html
"""

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from confserver.errors import Unavailable

RETRY_AFTER_S = 5.0
PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
"""Not the fault of a statement. Damage is among them: a meeting that runs goes on, and the log tells an operator."""


def unavailable(error: SQLAlchemyError) -> Unavailable | None:
    """The refusal if the database cannot be used at this moment; None if the error is a mistake of ours."""
    if isinstance(error, NoConnectionFree):
        return busy()
    if isinstance(error, DBAPIError) and isinstance(error.orig, BaseException):
        # The low byte is the kind; above it SQLite tells more precisely what it was doing.
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code in PASSING:
            return Unavailable(f"The server cannot use its database at this moment: {error.orig}.", RETRY_AFTER_S)
    return None


def busy() -> Unavailable:
    """The refusal if too many wait for the database already."""
    return Unavailable("The server cannot use its database at this moment: too many wait for it.", RETRY_AFTER_S)
