"""`confserver backup` and `restore` as an operator meets them: what was there comes back, whatever happens between."""

import asyncio
import errno
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from confserver.auth.service import Credentials
from confserver.cli import main
from confserver.config import Settings
from confserver.errors import StoreError
from confserver.services import open_services
from confserver.store import restore as restore_module
from confserver.store.archive import write_archive
from confserver.store.folder import DATABASE, claimed

Run = Callable[..., Result]
MEETING = "Weekly"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `confserver` with arguments on `tmp_path / "data"`."""
    monkeypatch.setenv("CONFSERVER_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str | Path, code: int = 0, stdin: str = "") -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def data(run: Run, tmp_path: Path) -> Path:
    """A data folder with an administrator and a meeting that has a PIN."""
    run("user", "add", "root", "--role", "ADMIN", "--password-stdin", stdin="hush\n")
    run("meeting", "create", MEETING, "--pin", "4711")
    return tmp_path / "data"


def meetings(run: Run) -> list[dict[str, Any]]:
    return list(json.loads(run("meeting", "list", "--json").stdout))


async def logs_in(data: Path) -> bool:
    async with open_services(Settings(data_dir=data)) as services:
        return bool((await services.auth.login(Credentials("root", "hush"))).access_token)


def test_meetings_pins_and_logins_come_back(run: Run, data: Path, tmp_path: Path) -> None:
    before = meetings(run)
    said = run("backup", tmp_path / "b.tar").stdout
    assert "pin.key" in said
    assert "secret" in said
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    run("meeting", "delete", before[0]["id"])
    assert "--replace" in run("restore", tmp_path / "b.tar", code=2).stderr
    assert meetings(run) == []
    aside = Path(json.loads(run("restore", tmp_path / "b.tar", "--replace", "--json").stdout)["replaced"])
    assert meetings(run) == before
    assert before[0]["room_pin"] == "4711"
    assert asyncio.run(logs_in(data))
    with closing(sqlite3.connect(aside / DATABASE)) as replaced:
        assert replaced.execute("SELECT count(*) FROM meetings").fetchone() == (0,)


def test_a_backup_moves_to_another_machine(run: Run, data: Path, tmp_path: Path) -> None:
    before = meetings(run)
    (data / "tls").mkdir()
    (data / "tls" / "self-signed.pem").write_text("a certificate")
    held = json.loads(run("backup", tmp_path, "--json").stdout)
    assert Path(held["file"]).parent == tmp_path
    assert held["holds"] == [DATABASE, "pin.key", "seat.key", "tls/self-signed.pem"]
    # Whatever a server keeps there must be in it: name new keys so that they are.
    assert {path.relative_to(data).as_posix() for path in data.rglob("*.*")} == set(held["holds"])
    other = tmp_path / "other"
    run("restore", held["file"], "--data-dir", other)
    assert list(json.loads(run("meeting", "list", "--json", "--data-dir", other).stdout)) == before
    assert (other / "tls" / "self-signed.pem").read_text() == "a certificate"


def test_a_backup_is_of_one_moment_while_others_write(run: Run, data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / DATABASE)) as writing:
        writing.execute("DELETE FROM meetings")
        run("backup", tmp_path / "b.tar")
        writing.commit()
    run("restore", tmp_path / "b.tar", "--replace")
    assert [meeting["subject"] for meeting in meetings(run)] == [MEETING]


def test_what_is_in_the_way_of_a_backup_is_named(run: Run, data: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.tar"
    taken.write_text("mine")
    assert f"{taken}: exists already" in run("backup", taken, code=2).stderr
    assert taken.read_text() == "mine"
    assert "no such file or directory" in run("backup", tmp_path / "nowhere" / "b.tar", code=2).stderr
    assert "there is no database" in run("backup", "--data-dir", tmp_path / "empty", code=2).stderr
    with (data / DATABASE).open("r+b") as file:
        file.truncate(8192)
    assert "is damaged" in run("backup", tmp_path / "b.tar", code=2).stderr
    assert {path.name for path in tmp_path.iterdir()} == {"data", "taken.tar"}


def test_a_backup_replaces_nothing_that_comes_while_it_is_made(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "b.tar"

    def meanwhile(*given: Any) -> None:
        write_archive(*given)
        target.write_text("mine")

    monkeypatch.setattr("confserver.store.backup.write_archive", meanwhile)
    assert run("backup", target, code=2).stderr.endswith(f"{target}: exists already, and a backup replaces nothing.\n")
    assert target.read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"data", "b.tar"}


def test_a_file_system_without_links_is_told_of(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*names: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", *names)

    monkeypatch.setattr("os.link", refuse)
    assert "b.tar: the backup cannot be made: the file system there knows no hard links." in (
        run("backup", tmp_path / "b.tar", code=2).stderr
    )
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_restore_waits_for_the_server_to_be_stopped(run: Run, data: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "b.tar")
    with claimed(data):
        assert "works on this folder already" in run("restore", tmp_path / "b.tar", "--replace", code=2).stderr


def test_what_a_server_would_refuse_is_not_put_in_place(run: Run, data: Path, tmp_path: Path) -> None:
    (data / "pin.key").rename(tmp_path / "pin.key")
    (data / "pin.key").write_bytes(b"x" * 32)
    run("backup", tmp_path / "b.tar")
    (tmp_path / "pin.key").rename(data / "pin.key")
    before = {path.name: path.read_bytes() for path in data.iterdir() if path.name != "server.lock"}
    refused = run("restore", tmp_path / "b.tar", "--replace", code=2).stderr
    assert "b.tar: cannot be restored: pin.key is not the key" in refused
    assert {path.name: path.read_bytes() for path in data.iterdir() if path.name != "server.lock"} == before


@pytest.mark.parametrize("moves", range(6))
def test_a_restore_that_is_interrupted_starts_nothing_and_can_be_repeated(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    run("backup", tmp_path / "b.tar")
    (meeting,) = meetings(run)
    run("meeting", "delete", meeting["id"])
    move, left = restore_module._move, [None] * moves

    def interrupted(path: Path, target: Path) -> None:
        if not left:
            raise OSError(28, "No space left on device")
        left.pop()
        move(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(restore_module, "_move", interrupted)
        assert "no space left" in run("restore", tmp_path / "b.tar", "--replace", code=2).stderr
    with pytest.raises(StoreError, match="a restore into this folder was interrupted"):
        asyncio.run(logs_in(data))
    run("restore", tmp_path / "b.tar", "--replace")
    assert meetings(run) == [meeting]
    emptied = [path for path in data.glob(f"replaced-*/{DATABASE}") if _count(path) == 0]
    assert len(emptied) == 1


def _count(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM meetings").fetchone()[0])
