"""A data folder that cannot be used: the start is refused in one sentence, and every file stays as it is."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from confserver.auth.identity import Role
from confserver.config import Settings
from confserver.errors import ConfigError, StoreError
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.fields import Mode
from confserver.services import open_services
from confserver.store.folder import DATABASE, KEY_FILE, claimed
from confserver.store.inspection import inspect_database

WAL = f"{DATABASE}-wal"
NOBODY = 65534
RUN_LIMIT_S = 20.0


@pytest.fixture(scope="module")
def whole_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with meetings that have PINs, and more than a few pages."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("whole") / "data")

    async def fill() -> None:
        async with open_services(settings) as services:
            ada = await services.accounts.add(await services.accounts.ensure_tenant(), "ada", "hush", Role.ADMIN)
            for number in range(30):
                definition = MeetingDefinition(
                    subject=f"Weekly {number}",
                    mode=Mode.VIDEO,
                    timezone="UTC",
                    room_pin="4711",
                    custom_options=json.dumps("x" * 1000),
                )
                await services.meetings.create(ada, definition)

    asyncio.run(fill())
    return settings.data_dir


@pytest.fixture
def folder(whole_folder: Path, tmp_path: Path) -> Path:
    """One of one's own, to break."""
    return Path(shutil.copytree(whole_folder, tmp_path / "data"))


def overwrite_the_beginning(folder: Path) -> None:
    with (folder / DATABASE).open("r+b") as file:
        file.write(b"hello" * 100)


def tear_pages(folder: Path) -> None:
    with (folder / DATABASE).open("r+b") as file:
        for page in range(1, (folder / DATABASE).stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(2048))


def cut_in_half(folder: Path) -> None:
    os.truncate(folder / DATABASE, (folder / DATABASE).stat().st_size // 2)


def empty_it_beside_its_log(folder: Path) -> None:
    _leave_a_log(folder)
    os.truncate(folder / DATABASE, 0)


def lose_it_beside_its_log(folder: Path) -> None:
    _leave_a_log(folder)
    (folder / DATABASE).unlink()


def tear_it_beside_its_log(folder: Path) -> None:
    _leave_a_log(folder)
    tear_pages(folder)


def put_another_program_s_in_its_place(folder: Path) -> None:
    (folder / DATABASE).unlink()
    _execute(folder, "CREATE TABLE recipes (name TEXT)")


def come_from_the_future(folder: Path) -> None:
    _execute(folder, "UPDATE alembic_version SET version_num = '9999'")


def lose_the_key(folder: Path) -> None:
    (folder / KEY_FILE).unlink()


def take_another_key(folder: Path) -> None:
    (folder / KEY_FILE).write_bytes(os.urandom(32))


def cut_the_key(folder: Path) -> None:
    os.truncate(folder / KEY_FILE, 7)


def _execute(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute(statement)
    connection.commit()
    connection.close()


def _leave_a_log(folder: Path) -> None:
    """As a process leaves it that is killed: copied while it writes."""
    copy = folder.with_name("copy")
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("UPDATE tenants SET name = 'written last'")
    connection.commit()
    shutil.copytree(folder, copy)
    connection.close()
    shutil.rmtree(folder)
    copy.rename(folder)
    assert (folder / WAL).stat().st_size


def contents(folder: Path) -> dict[str, bytes]:
    """What matters of each file; the index of the log (-shm) is made anew whenever somebody looks."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (overwrite_the_beginning, DATABASE),
        (tear_pages, DATABASE),
        (cut_in_half, DATABASE),
        (empty_it_beside_its_log, DATABASE),
        (lose_it_beside_its_log, DATABASE),
        (tear_it_beside_its_log, DATABASE),
        (put_another_program_s_in_its_place, DATABASE),
        (come_from_the_future, DATABASE),
        (lose_the_key, KEY_FILE),
        (take_another_key, KEY_FILE),
        (cut_the_key, KEY_FILE),
    ],
)
async def test_the_file_and_the_way_back_are_named_and_nothing_is_touched(
    folder: Path, harm: Callable[[Path], None], named: str
) -> None:
    harm(folder)
    before = contents(folder)
    with pytest.raises(StoreError) as refused:
        async with open_services(Settings(data_dir=folder)):
            pytest.fail("it was opened")
    sentence = str(refused.value)
    assert sentence.startswith(f"{folder / named}: ")
    assert sentence.endswith(f"confserver restore FILE --replace --data-dir {folder}")
    assert "\n" not in sentence
    after = contents(folder)
    assert {name: after.get(name) for name in before} == before


async def test_what_a_killed_process_left_behind_opens(folder: Path) -> None:
    _leave_a_log(folder)
    async with open_services(Settings(data_dir=folder)) as services:
        tenant = await services.accounts.tenant()
        assert tenant is not None
        assert tenant.name == "written last"


def test_the_look_at_a_large_database_has_an_end(folder: Path) -> None:
    assert inspect_database(folder / DATABASE, limit_s=-1.0) is not None


def test_the_operator_reads_one_sentence(folder: Path) -> None:
    cut_in_half(folder)
    run = subprocess.run(
        [sys.executable, "-m", "confserver", "meeting", "list", "--data-dir", str(folder)],
        capture_output=True,
        text=True,
        timeout=RUN_LIMIT_S,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"confserver: {folder / DATABASE}: is damaged")
    assert run.stderr.count("\n") == 1


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder that this process may read and not write; root may write everywhere, so it is nobody for a while."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    yield path
    if is_root:
        os.seteuid(0)
    path.rmdir()


def test_a_folder_that_may_only_be_read_is_named(unprivileged: Path) -> None:
    refusal = f"data_dir = '{unprivileged}': cannot be used: permission denied"
    with pytest.raises(ConfigError, match=refusal), claimed(unprivileged):
        pytest.fail("it was claimed")


async def test_a_command_that_waited_in_vain_names_the_file(folder: Path) -> None:
    with pytest.raises(StoreError, match=rf"{folder / DATABASE}: .* database is locked"):
        await _write_beside_another(folder)


async def _write_beside_another(folder: Path) -> None:
    async with open_services(Settings(data_dir=folder)) as services:
        with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await services.accounts.ensure_tenant("another")


async def test_a_key_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / KEY_FILE).unlink()
    (folder / KEY_FILE).mkdir()
    with pytest.raises(ConfigError, match=rf"{folder / KEY_FILE}: cannot be used: is a directory"):
        async with open_services(Settings(data_dir=folder)):
            pytest.fail("it was opened")


def test_a_second_server_on_the_folder_is_refused(tmp_path: Path) -> None:
    refusal = rf"process {os.getpid()}\) works on this folder already"
    with claimed(tmp_path), pytest.raises(ConfigError, match=refusal), claimed(tmp_path):
        pytest.fail("it was claimed twice")
    with claimed(tmp_path):
        pass
