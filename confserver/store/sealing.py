"""Keeps PINs unreadable in the database file: AES-256-GCM with a key that lies beside it.

It protects a copied or backed-up database, not a stolen data folder. NIST SP 800-38D.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from confserver.store.inspection import unusable
from confserver.store.key_files import key_from_file

NONCE_BYTES = 12


class Seal:
    """Seals short texts; each is bound to a `place`, so that one cannot be moved to another row or column."""

    def __init__(self, key: bytes, path: Path) -> None:
        self._cipher = AESGCM(key)
        self._path = path

    @classmethod
    def from_file(cls, path: Path) -> "Seal":
        """The seal whose key is in `path`, made on first use and readable by its owner only. Raises StoreError."""
        return cls(key_from_file(path), path)

    def close(self, text: str, place: str) -> bytes:
        """`text` as sealed bytes."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The text of sealed bytes; raises StoreError if the key or the place is another."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()
        except InvalidTag:
            raise unusable(self._path, "is not the key that the PINs of this database were sealed with") from None
