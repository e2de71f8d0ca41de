"""Puts a backup into a data folder: unpacked and proved beside what is there, then moved in. It deletes nothing.

A restore that is interrupted while it moves files leaves a mark, and no server starts on half of it.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from confserver.errors import ConfigError
from confserver.store.archive import REPLACED, Manifest, unpack_archive
from confserver.store.backup import key_files, sync_folder
from confserver.store.folder import COMPANIONS, DATABASE, UNFINISHED_RESTORE, claimed, unusable_folder

STAGING = ".restoring-"


class Restore:
    """A backup, unpacked in `folder` as a data folder of its own, not yet in place."""

    def __init__(self, folder: Path, data_dir: Path, manifest: Manifest) -> None:
        self._data_dir = data_dir
        self.folder = folder
        self.manifest = manifest

    def put_in_place(self, now: datetime) -> Path | None:
        """Moves it into the data folder; what was there goes into a folder beside it, which is returned.

        Raises ConfigError if files cannot be moved; then the folder is marked as unfinished.
        """
        mark = self._data_dir / UNFINISHED_RESTORE
        try:
            mark.touch()
            sync_folder(self._data_dir)
            aside = self._move_aside(now)
            for name, path in _contents(self.folder).items():
                _move(path, self._data_dir / name)
            sync_folder(self._data_dir)
            mark.unlink()
        except OSError as error:
            raise unusable_folder(self._data_dir, error) from None
        return aside

    def _move_aside(self, now: datetime) -> Path | None:
        present = _contents(self._data_dir)
        if not present:
            return None
        aside = Path(tempfile.mkdtemp(dir=self._data_dir, prefix=f"{REPLACED}{now:%Y%m%d-%H%M%S}-"))
        for name, path in present.items():
            _move(path, aside / name)
        return aside


@contextlib.contextmanager
def unpacked(archive: Path, data_dir: Path, *, is_replacing: bool) -> Iterator[Restore]:
    """The backup in `archive`, checked against its own manifest and ready to be proved and put in place.

    Raises StoreError for an archive that is not right, ConfigError if a server works on the folder, or if it is not
    empty and not to be replaced.
    """
    with claimed(data_dir):
        if not is_replacing and _contents(data_dir):
            raise ConfigError(f"data_dir = {str(data_dir)!r}: is in use already; --replace moves what it holds aside.")
        for leftover in data_dir.glob(f"{STAGING}*"):
            shutil.rmtree(leftover)
        staging = Path(tempfile.mkdtemp(dir=data_dir, prefix=STAGING))
        try:
            yield Restore(staging, data_dir, unpack_archive(archive, staging))
        finally:
            shutil.rmtree(staging)


def _contents(folder: Path) -> dict[str, Path]:
    """The files of a data folder that a backup stands for, by name."""
    database = {f"{DATABASE}{companion}": folder / f"{DATABASE}{companion}" for companion in COMPANIONS}
    return key_files(folder) | {name: path for name, path in database.items() if path.exists()}


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.rename(target)
