"""A database of an older version: what is in it is there afterwards, and found."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from confserver.auth.identity import User
from confserver.listing.page import Page
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.listing import MeetingQuery
from confserver.services import Services
from confserver.store.folder import DATABASE
from confserver.store.migrate import MIGRATIONS, upgrade


async def test_meetings_of_an_older_version_are_found_by_their_words(
    services: Services, owner: User, tmp_path: Path
) -> None:
    for subject in ("Board", "Weekly board", "Retro"):
        definition = MeetingDefinition.model_validate({"subject": subject, "mode": "VIDEO", "timezone": "UTC"})
        await services.meetings.create(owner, definition)
    database = tmp_path / "data" / DATABASE
    go_back(database, "0006")
    upgrade(database)
    for owner_id in (None, owner.id):
        count, found = await services.meetings.list(MeetingQuery(owner.tenant.id, owner_id, Page(search="board")))
        assert (count, [meeting.subject for meeting in found]) == (2, ["Board", "Weekly board"])
        count, found = await services.meetings.list(MeetingQuery(owner.tenant.id, owner_id))
        assert (count, [meeting.subject for meeting in found]) == (3, ["Board", "Weekly board", "Retro"])


def test_lists_indexes_may_be_there_already(owner: User, services: Services, tmp_path: Path) -> None:
    database = tmp_path / "data" / DATABASE
    go_back(database, "0011")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE INDEX ix_meetings_subject ON meetings (tenant_id, subject)")
    upgrade(database)
    with closing(sqlite3.connect(database)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE tbl_name = 'meetings'")}
    assert {"ix_meetings_subject", "ix_meetings_list"} <= names


def go_back(database: Path, revision: str) -> None:
    config, engine = Config(), create_engine(f"sqlite:///{database}")
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()
