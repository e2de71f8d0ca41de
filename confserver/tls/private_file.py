"""Writes files that only their owner may read, whole or not at all.

It knows nothing of what is in them.
"""

import os
import tempfile
from pathlib import Path

from confserver.errors import ConfigError


def write_private(path: Path, content: bytes) -> None:
    """`content` at `path`, in place of what was there. Raises ConfigError if the data folder does not take it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                # What a certificate authority gave is not given again at will.
                os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"data_dir: {str(path)!r} cannot be written: {reason}.") from None
