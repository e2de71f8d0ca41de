"""DTLS records as they stand in a datagram: cut out, and given another number. It does not look into them.

RFC 6347 section 4.1.
"""

import struct
from collections.abc import Iterator

HEADER = struct.Struct("!BHHHIH")
"""Content type, version, epoch, sequence number (high, low), length."""
CHANGE_CIPHER_SPEC, HANDSHAKE = 20, 22


def split(data: bytes) -> Iterator[bytes]:
    """The records in `data`, up to the first that is not whole."""
    start = 0
    while start + HEADER.size <= len(data):
        end = start + HEADER.size + HEADER.unpack_from(data, start)[5]
        if end > len(data):
            return
        yield data[start:end]
        start = end


def numbered(record: bytes, sequence: int) -> bytes:
    """The record with another sequence number (48 bits), which only epoch 0 leaves unprotected."""
    kind, version, epoch, _, _, length = HEADER.unpack_from(record)
    return HEADER.pack(kind, version, epoch, sequence >> 32, sequence & 0xFFFFFFFF, length) + record[HEADER.size :]
