"""Brings a database to the newest schema, at every start.

It writes no schema itself: the steps are in `migrations/versions`.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from confserver.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Applies what is missing, in the transaction of `connection`; raises StoreError for a database from the future."""
    if connection.dialect.name == "sqlite":
        # Two processes may start on a fresh folder at once; the second waits here and then finds the work done.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"{connection.engine.url.database}: made by a newer version of confserver ({error})."
        ) from None
