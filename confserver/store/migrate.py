"""Brings a database to the newest schema, at a start that finds an older one.

It writes no schema itself: the steps are in `migrations/versions`, in files that begin with their revision.
"""

from pathlib import Path

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from confserver.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
REVISIONS = tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))
"""All that this version knows, oldest first."""
TURN_LIMIT_S = 20.0
"""How long a process waits while another one migrates the same database."""


def upgrade(database: Path) -> None:
    """Applies what is missing, all or nothing. Raises StoreError."""
    # Only needed here, and takes a while to import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool, connect_args={"timeout": TURN_LIMIT_S})
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            # Two processes may start on a fresh folder at once; the second waits here and then finds the work done.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except DBAPIError as error:
        raise StoreError(f"{database}: cannot be brought to this version's schema: {error.orig}.") from error
