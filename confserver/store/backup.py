"""Makes a backup of a data folder, whether a server works on it or not: the database as it is at one moment, and keys.

It stops nobody. Putting it back is `confserver.store.restore`; the form is `confserver.store.archive`.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from confserver import __version__
from confserver.errors import ConfigError, StoreError
from confserver.store.archive import ArchivedFile, Manifest, is_key, write_archive
from confserver.store.folder import DATABASE
from confserver.store.inspection import inspect_database

LOCK_LIMIT_S = 5.0


def back_up(data_dir: Path, target: Path, now: datetime) -> Manifest:
    """Writes the archive to `target`, readable by its owner only: whole and on the disk, or not at all.

    Raises StoreError if there is nothing to back up or it is damaged, ConfigError if `target` exists or cannot be made.
    """
    if target.exists():
        raise _taken(target)
    revision = inspect_database(data_dir / DATABASE)
    if revision is None:
        raise StoreError(f"{data_dir / DATABASE}: there is no database to back up.")
    try:
        with _draft(target.parent) as copy, _draft(target.parent) as archive:
            _copy_database(data_dir / DATABASE, copy)
            sources = {DATABASE: copy, **key_files(data_dir)}
            files = tuple(ArchivedFile.of(name, path) for name, path in sources.items())
            manifest = Manifest(made_at=now, version=__version__, revision=revision, files=files)
            with archive.open("wb") as file:
                write_archive(file, manifest, sources)
                file.flush()
                os.fsync(file.fileno())
            _publish(archive, target)
            sync_folder(target.parent)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"{error.filename or target}: the backup cannot be made: {reason}.") from None
    return manifest


def key_files(data_dir: Path) -> dict[str, Path]:
    """The keys and certificates of a data folder, by their names in it."""
    found = {path.relative_to(data_dir).as_posix(): path for path in sorted(data_dir.rglob("*.*")) if path.is_file()}
    return {name: path for name, path in found.items() if is_key(name)}


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A file that only its owner may read, gone by this name afterwards."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".confserver-backup-")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _publish(draft: Path, target: Path) -> None:
    """Gives the finished file its name. A link replaces nothing, not even what came while the backup was made."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise _taken(target) from None
    except PermissionError:
        # Linux says this of FAT. That the folder may be written is shown by the draft.
        raise ConfigError(f"{target}: the backup cannot be made: the file system there knows no hard links.") from None


def _taken(target: Path) -> ConfigError:
    return ConfigError(f"{target}: exists already, and a backup replaces nothing.")


def _copy_database(database: Path, copy: Path) -> None:
    """SQLite's own copy: of one moment, without keeping anybody from writing. https://www.sqlite.org/backup.html"""
    try:
        with (
            contextlib.closing(sqlite3.connect(database, timeout=LOCK_LIMIT_S)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            # One file, without a log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
            (found,) = target.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{database}: cannot be copied: {error}.") from None
    if found != "ok":
        raise StoreError(f"{database}: is damaged ({' '.join(found.split())}), and a copy of it is no backup.")
