"""The data folder itself: made, proved writable, and claimed by one server at a time.

It knows the names of what lies in it, and reads none of it.
"""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from confserver.errors import ConfigError

DATABASE = "confserver.sqlite3"
COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite appends to the name of a database for the files that belong to it."""
KEY_FILE = "pin.key"
CLAIM = "server.lock"
UNFINISHED_RESTORE = "restore.unfinished"
"""Its presence says that a restore was interrupted while it moved files."""
SPARE_BYTES = 1024 * 1024
"""A start with less room than this would be a server that can remember nothing."""


def prepare_folder(data_dir: Path) -> None:
    """Makes the folder, for its owner only, if it is missing. Raises ConfigError."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unusable_folder(data_dir, error) from None


@contextlib.contextmanager
def claimed(data_dir: Path) -> Iterator[None]:
    """Meanwhile nobody else serves this folder or restores into it; the command line may still work on it.

    Raises ConfigError if somebody does already, or if nothing can be written there. The kernel ends the claim with the
    process, however that ends.
    """
    prepare_folder(data_dir)
    try:
        claim = os.open(data_dir / CLAIM, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unusable_folder(data_dir, error) from None
    try:
        _claim(claim, data_dir)
        _prove_writable(data_dir)
        yield
    finally:
        os.close(claim)


def unusable_folder(data_dir: Path, error: OSError) -> ConfigError:
    """The refusal of a folder that the operating system does not let us use."""
    return ConfigError(f"data_dir = {str(data_dir)!r}: cannot be used: {(error.strerror or str(error)).lower()}.")


def _claim(claim: int, data_dir: Path) -> None:
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(claim, 20, 0).decode(errors="replace").strip()
        raise ConfigError(
            f"data_dir = {str(data_dir)!r}: a server or a restore (process {holder}) works on this folder already."
        ) from None
    os.ftruncate(claim, 0)
    os.pwrite(claim, f"{os.getpid()}\n".encode(), 0)


def _prove_writable(data_dir: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=data_dir) as file:
            file.write(bytes(SPARE_BYTES))
            file.flush()
    except OSError as error:
        raise unusable_folder(data_dir, error) from None
