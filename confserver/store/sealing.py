"""Keeps PINs unreadable in the database file: AES-256-GCM with a key that lies beside it.

It protects a copied or backed-up database, not a stolen data folder. NIST SP 800-38D.
"""

import contextlib
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from confserver.errors import StoreError

KEY_BYTES = 32
NONCE_BYTES = 12


class Seal:
    """Seals short texts; each is bound to a `place`, so that one cannot be moved to another row or column."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def from_file(cls, path: Path) -> "Seal":
        """The seal whose key is in `path`, made on first use and readable by its owner only. Raises StoreError."""
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise StoreError(f"{path}: this is not a key of {KEY_BYTES} bytes.")
        return cls(key)

    def close(self, text: str, place: str) -> bytes:
        """`text` as sealed bytes."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The text of sealed bytes; raises StoreError if the key or the place is another."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()
        except InvalidTag:
            raise StoreError("The PINs of this database were sealed with another key file.") from None


def _make_key(path: Path) -> None:
    """A key appears whole or not at all, and never replaces one that another process was quicker to make."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with open(descriptor, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)
