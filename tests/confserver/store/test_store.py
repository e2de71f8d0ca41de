"""The database: made and migrated by opening it, shared by processes, refused in one sentence when unusable."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, select

from confserver.errors import ConfigError, StoreError
from confserver.store.folder import DATABASE, KEY_FILE
from confserver.store.models import Base, CounterRow
from confserver.store.models.search import SEARCH_TABLE
from confserver.store.sealing import Seal
from confserver.store.store import Store


async def test_the_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    await (await Store.open(tmp_path)).close()
    engine = create_engine(f"sqlite:///{tmp_path / DATABASE}")

    def is_of_a_model(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not (name or "").startswith(SEARCH_TABLE)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_name": is_of_a_model})
        return list(compare_metadata(context, Base.metadata))

    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


async def test_two_processes_may_open_a_fresh_folder_at_once(tmp_path: Path) -> None:
    stores = await asyncio.gather(*(Store.open(tmp_path / "new" / "data") for _ in range(3)))
    for store in stores:
        async with store.transaction() as transaction:
            assert await transaction.scalar(select(CounterRow.name)) == "extension_number"
        assert store.seal.open(stores[0].seal.close("1234", "x"), "x") == "1234"
        await store.close()


async def test_only_the_owner_may_look_into_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await (await Store.open(folder)).close()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


async def test_only_the_owner_may_read_the_files_of_an_open_folder(tmp_path: Path) -> None:
    def modes() -> dict[str, int]:
        return {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}

    store = await Store.open(tmp_path)
    async with store.transaction() as transaction:
        await transaction.scalar(select(CounterRow.name))
    assert f"{DATABASE}-wal" in modes()
    assert set(modes().values()) == {0o600}
    await store.close()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"data_dir = .*file"):
        await Store.open(tmp_path / "file" / "data")


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"hello" * 1000)
    with pytest.raises(StoreError, match=DATABASE):
        await Store.open(tmp_path)


async def test_a_database_of_the_future_is_refused(tmp_path: Path) -> None:
    await (await Store.open(tmp_path)).close()
    database = sqlite3.connect(tmp_path / DATABASE)
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()
    with pytest.raises(StoreError, match="newer version"):
        await Store.open(tmp_path)


def test_a_seal_opens_only_with_its_key_and_in_its_place(tmp_path: Path) -> None:
    seal = Seal.from_file(tmp_path / "a")
    sealed = seal.close("1234", "meetings/1/room_pin")
    assert seal.open(sealed, "meetings/1/room_pin") == "1234"
    for other, place in ((seal, "meetings/2/room_pin"), (Seal.from_file(tmp_path / "b"), "meetings/1/room_pin")):
        with pytest.raises(StoreError):
            other.open(sealed, place)


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(StoreError, match="key"):
        Seal.from_file(tmp_path / "key")
