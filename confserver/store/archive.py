"""The form of a backup: one tar file with a manifest, the database, and the keys without which it is worth little.

It copies no live database (`confserver.store.backup`) and puts nothing in place (`confserver.store.restore`). What
comes out of an archive was checked against the manifest, and the manifest against what may be in one. POSIX.1-2001 tar,
not compressed, so that no file is larger than the archive that holds it.
"""

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from confserver.errors import StoreError
from confserver.store.folder import DATABASE

MANIFEST = "manifest.json"
MOST_FILES = 200
MOST_MANIFEST_BYTES = 256 * 1024
MOST_KEY_BYTES = 1024 * 1024
CHUNK_BYTES = 1024 * 1024
OWNER_ONLY = 0o600
"""The mode of every file that is put back: all of them are secret, whatever they were before."""
REPLACED = "replaced-"
"""What the folders begin with into which a restore moves what it finds: not ours any more."""
PART = r"[A-Za-z0-9][\w.-]{0,99}"
KEY_NAME = re.compile(rf"(?!{REPLACED})(?:{PART}/){{0,3}}{PART}\.(?:key|pem)", re.ASCII)
"""Keys and certificates by their names within the data folder. No part begins with a dot, so none leads out of it."""


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArchivedFile(_Value):
    """A file of the data folder; `size` in bytes."""

    name: str
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

    @classmethod
    def of(cls, name: str, path: Path) -> "ArchivedFile":
        """What `path` is to be archived as. Raises OSError."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(name=name, size=path.stat().st_size, sha256=digest)


class Manifest(_Value):
    """What an archive holds: `version` of the program that made it, `revision` of the database's schema."""

    format: Literal["confserver-backup-1"] = "confserver-backup-1"
    made_at: AwareDatetime
    version: Annotated[str, Field(max_length=64)]
    revision: Annotated[str, Field(max_length=64)]
    files: Annotated[tuple[ArchivedFile, ...], Field(max_length=MOST_FILES)]


def is_key(name: str) -> bool:
    """Whether a file of this name within the data folder belongs into a backup beside the database."""
    return KEY_NAME.fullmatch(name) is not None


def write_archive(target: IO[bytes], manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Writes the manifest and then its files, each from the path that `sources` names. Raises OSError."""
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
        listing = manifest.model_dump_json(indent=2).encode()
        tar.addfile(_entry(MANIFEST, len(listing), manifest.made_at), io.BytesIO(listing))
        for file in manifest.files:
            with sources[file.name].open("rb") as source:
                tar.addfile(_entry(file.name, file.size, manifest.made_at), source)


def unpack_archive(archive: Path, folder: Path) -> Manifest:
    """Writes the files of `archive` below the empty `folder`, each only if it is what the manifest says.

    Raises StoreError, with one sentence, for anything that `write_archive` has not written.
    """
    with _explained(archive), archive.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
        most_bytes = archive.stat().st_size
        manifest = _read_manifest(tar)
        for expected in manifest.files:
            if expected.size > (most_bytes if expected.name == DATABASE else MOST_KEY_BYTES):
                raise ValueError(f"{expected.name} is larger than it can be")
            _unpack(tar, expected, folder / expected.name)
        if tar.next() is not None:
            raise ValueError("it holds more than its manifest names")
    return manifest


@contextmanager
def _explained(archive: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{archive}: cannot be restored: {(error.strerror or str(error)).lower()}.") from None
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        place = ".".join((MANIFEST, *map(str, wrong["loc"])))
        raise StoreError(f"{archive}: is not a backup: {place}: {wrong['msg'].lower()}.") from None
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise StoreError(f"{archive}: is not a backup, or is damaged: {error}.") from None


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != MANIFEST or not entry.isreg() or entry.size > MOST_MANIFEST_BYTES:
        raise ValueError(f"it does not begin with {MANIFEST}")
    manifest = Manifest.model_validate_json(_opened(tar, entry).read())
    names = [file.name for file in manifest.files]
    if len(set(names)) < len(names) or DATABASE not in names:
        raise ValueError(f"its manifest names a file twice, or no {DATABASE}")
    for name in names:
        if name != DATABASE and not is_key(name):
            raise ValueError(f"its manifest names {name!r}, which is no file of a data folder")
    return manifest


def _unpack(tar: tarfile.TarFile, expected: ArchivedFile, path: Path) -> None:
    entry = tar.next()
    is_plain = entry is not None and entry.isreg() and not entry.issparse()
    if entry is None or not is_plain or (entry.name, entry.size) != (expected.name, expected.size):
        raise ValueError(f"{expected.name} is not where its manifest says")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    source = _opened(tar, entry)
    with path.open("xb") as target:
        path.chmod(OWNER_ONLY)
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if digest.hexdigest() != expected.sha256:
        raise ValueError(f"{expected.name} does not have the checksum of its manifest")


def _opened(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    source = tar.extractfile(entry)
    if source is None:
        raise ValueError(f"{entry.name} is no file")
    return source


def _entry(name: str, size: int, made_at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, OWNER_ONLY, int(made_at.timestamp())
    return entry
