"""Secret keys that lie in the data folder beside the database: made on first use, readable by their owner only.

What a key is for, its user knows. Every file `*.key` of the data folder goes into a backup (`confserver.store.backup`).
"""

import contextlib
import os
import tempfile
from pathlib import Path

from confserver.errors import ConfigError
from confserver.store.inspection import unusable

KEY_BYTES = 32


def key_from_file(path: Path) -> bytes:
    """The `KEY_BYTES` of the key in `path`, made now if there is none.

    Raises StoreError for a file that holds no key, ConfigError for one that cannot be made or read.
    """
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be used: {(error.strerror or str(error)).lower()}.") from None
    if len(key) != KEY_BYTES:
        raise unusable(path, f"is not a key of {KEY_BYTES} bytes")
    return key


def _make_key(path: Path) -> None:
    """A key appears whole or not at all, and never replaces one that another process was quicker to make."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            # A power cut must not leave a key file without the key that the database was sealed with.
            os.fsync(descriptor)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
