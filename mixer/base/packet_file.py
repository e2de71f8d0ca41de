"""A file of packets that sound 20 ms each, made once and played as often as one likes.

Layout: eight letters, the count and `count + 1` offsets as 32 bits each (big-endian), then the packets. So the place of
any packet is known without reading those before it. It opens no file itself.
"""

import struct
from collections.abc import Sequence
from mmap import mmap

MAGIC = b"CONFMUS1"
MOST_PACKETS = 60_000
"""Twenty minutes."""

_HEAD = struct.Struct("!8sI")
_OFFSET = struct.Struct("!I")


class PacketFileError(ValueError):
    """Bytes that are no such file."""


def write_packets(packets: Sequence[bytes]) -> bytes:
    """The file of these packets. Raises PacketFileError for none at all, or too many."""
    if not 0 < len(packets) <= MOST_PACKETS:
        raise PacketFileError(f"a file has 1 to {MOST_PACKETS} packets")
    offsets, at = [], _HEAD.size + _OFFSET.size * (len(packets) + 1)
    for packet in packets:
        offsets.append(at)
        at += len(packet)
    table = b"".join(map(_OFFSET.pack, [*offsets, at]))
    return _HEAD.pack(MAGIC, len(packets)) + table + b"".join(packets)


class PacketFile:
    """Reads packets out of `data`, by their numbers. Raises PacketFileError."""

    def __init__(self, data: bytes | memoryview | mmap) -> None:
        self._data = memoryview(data)
        size = len(self._data)
        if size < _HEAD.size:
            raise PacketFileError("too short")
        magic, count = _HEAD.unpack_from(self._data)
        self._count = int(count)
        if magic != MAGIC or not 0 < self._count <= MOST_PACKETS:
            raise PacketFileError("not a file of packets")
        if size < _HEAD.size + _OFFSET.size * (self._count + 1) or self._offset(self._count) != size:
            raise PacketFileError("cut off")

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < self._count:
            raise IndexError(number)
        begin, end = self._offset(number), self._offset(number + 1)
        return bytes(self._data[begin:end])

    def _offset(self, number: int) -> int:
        place = _HEAD.size + _OFFSET.size * number
        return int.from_bytes(self._data[place : place + _OFFSET.size], "big")
