"""A backup file may come from anywhere: what is not exactly one of ours is refused, and nothing gets out of it."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confserver.errors import StoreError
from confserver.store.archive import MANIFEST, ArchivedFile, Manifest, is_key, unpack_archive, write_archive
from confserver.store.folder import DATABASE

HELD = {DATABASE: b"not looked into here" * 100, "pin.key": b"k" * 32, "tls/self-signed.pem": b"p" * 700}
Listing = dict[str, Any]
Change = Callable[[Listing, dict[str, tarfile.TarInfo]], None]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archived")
    sources = {name: folder / name for name in HELD}
    for name, path in sources.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(HELD[name])
    files = tuple(ArchivedFile.of(name, path) for name, path in sources.items())
    target = folder / "backup.tar"
    with target.open("wb") as file:
        write_archive(file, Manifest(made_at=datetime.now(UTC), version="1", revision="0001", files=files), sources)
    return target


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_went_in_comes_out_for_its_owner_only(archive: Path, tmp_path: Path) -> None:
    unpack_archive(archive, tmp_path)
    assert contents(tmp_path) == HELD
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()} == {0o600}


def rewritten(archive: Path, target: Path, change: Change) -> Path:
    """A copy in which `change` has altered the manifest or the headers of the members."""
    with tarfile.open(archive) as source, tarfile.open(target, "w") as copy:
        members = {entry.name: entry for entry in source.getmembers()}
        contents = {name: source.extractfile(entry) for name, entry in members.items()}
        listing = json.load(contents[MANIFEST] or io.BytesIO())
        change(listing, members)
        for name, entry in members.items():
            data = json.dumps(listing).encode() if name == MANIFEST else (contents[name] or io.BytesIO()).read()
            entry.size = len(data) if name == MANIFEST else entry.size
            copy.addfile(entry, io.BytesIO(data.ljust(entry.size)) if entry.isreg() else None)
    return target


def rename(to: str) -> Change:
    def change(listing: Listing, members: dict[str, tarfile.TarInfo]) -> None:
        next(file for file in listing["files"] if file["name"] == "pin.key")["name"] = to
        members["pin.key"].name = to

    return change


def link(kind: bytes, to: str) -> Change:
    def change(listing: Listing, members: dict[str, tarfile.TarInfo]) -> None:
        members["pin.key"].type, members["pin.key"].linkname, members["pin.key"].size = kind, to, 0

    return change


def claim_size(listing: Listing, members: dict[str, tarfile.TarInfo]) -> None:
    listing["files"][1]["size"] = members["pin.key"].size = 2 * 1024 * 1024


def claim_checksum(listing: Listing, _: dict[str, tarfile.TarInfo]) -> None:
    listing["files"][1]["sha256"] = "0" * 64


def forget_the_database(listing: Listing, members: dict[str, tarfile.TarInfo]) -> None:
    del listing["files"][0], members[DATABASE]


def name_twice(listing: Listing, _: dict[str, tarfile.TarInfo]) -> None:
    listing["files"].append(listing["files"][1])


def smuggle(listing: Listing, _: dict[str, tarfile.TarInfo]) -> None:
    del listing["files"][-1]


def come_from_another_program(listing: Listing, _: dict[str, tarfile.TarInfo]) -> None:
    listing["format"] = "tea-leaves"


def be_no_manifest(listing: Listing, _: dict[str, tarfile.TarInfo]) -> None:
    listing.clear()


@pytest.mark.parametrize(
    "change",
    [
        rename("../pin.key"),
        rename("/tmp/pin.key"),
        rename("tls/../../pin.key"),
        rename(".pin.key"),
        rename("notes.txt"),
        rename("server.lock"),
        rename("confserver.sqlite3/pin.key"),
        rename("replaced-1/pin.key"),
        link(tarfile.SYMTYPE, "/etc/passwd"),
        link(tarfile.LNKTYPE, DATABASE),
        link(tarfile.CHRTYPE, ""),
        link(tarfile.DIRTYPE, ""),
        claim_size,
        claim_checksum,
        forget_the_database,
        name_twice,
        smuggle,
        come_from_another_program,
        be_no_manifest,
    ],
)
def test_what_we_would_not_have_written_is_refused(archive: Path, tmp_path: Path, change: Change) -> None:
    into = tmp_path / "a" / "b"
    into.mkdir(parents=True)
    changed = rewritten(archive, tmp_path / "changed.tar", change)
    with pytest.raises(StoreError, match=r"changed\.tar: (is not a backup|cannot be restored)") as refused:
        unpack_archive(changed, into)
    assert "\n" not in str(refused.value)
    assert {path for path in tmp_path.rglob("*") if path.is_file() and into not in path.parents} == {changed}


@given(st.data())
def test_an_archive_that_was_cut_or_altered_gives_what_went_in_or_nothing(archive: Path, data: st.DataObject) -> None:
    whole = bytearray(archive.read_bytes())
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole))) :]
    else:
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as folder:
        altered, into = Path(folder) / "altered.tar", Path(folder) / "into"
        altered.write_bytes(whole)
        into.mkdir()
        try:
            unpack_archive(altered, into)
        except StoreError:
            return
        assert contents(into) == HELD


@pytest.mark.parametrize("data", [b"", b"hello" * 1000, bytes(10_240)])
def test_what_is_no_tar_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(data)
    with pytest.raises(StoreError, match="is not a backup"):
        unpack_archive(tmp_path / "x.tar", tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pin.key", True),
        ("seat.key", True),
        ("tls/self-signed.pem", True),
        ("acme/acme-v02.api.example.org_directory/meet.example.com.pem", True),
        (".pin.key.x8d3.key", False),
        ("replaced-20270504-093000-ab12/pin.key", False),
        ("server.lock", False),
        ("pin.key\n", False),
    ],
)
def test_keys_are_known_by_their_names(name: str, expected: bool) -> None:
    assert is_key(name) is expected
