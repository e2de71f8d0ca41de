"""Transport-wide congestion control feedback: when each packet of a transport arrived.

It neither measures arrivals nor estimates a bandwidth. draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from mixer.wire.errors import WireError
from mixer.wire.rtcp import Format, Kind, build_packet

TICK_S = 0.000_25
REFERENCE_TICKS = 256
"""Arrival times are told in ticks of 250 us, the reference time in 64 ms, which is 256 ticks."""

MAX_PACKETS = 0xFFFF
_LOST, _SMALL, _LARGE = 0, 1, 2
_RUN_MAX = 0x1FFF
_VECTOR = 7
"""Packets told by one status vector chunk of two-bit symbols."""

_HEAD = struct.Struct("!IIHHI")


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """Packets `base_seq`, `base_seq + 1`, ...: `arrivals[i]` in ticks of 250 us, or None for one that has not come.

    Arrivals count from an arbitrary zero; `reference` is taken from the first. `number` is the feedback's own count.
    """

    sender_ssrc: int
    media_ssrc: int
    base_seq: int
    number: int
    arrivals: tuple[int | None, ...]

    def pack(self) -> bytes:
        """The RTCP packet. Raises WireError when two neighbours are more than 8 s apart or nothing arrived."""
        came = [arrival for arrival in self.arrivals if arrival is not None]
        if not came or len(self.arrivals) > MAX_PACKETS:
            raise WireError("transport feedback without packets or with too many")
        reference = came[0] // REFERENCE_TICKS
        symbols, deltas = self._encode(reference * REFERENCE_TICKS)
        body = (
            _HEAD.pack(
                self.sender_ssrc,
                self.media_ssrc,
                self.base_seq & 0xFFFF,
                len(self.arrivals),
                (reference & 0xFFFFFF) << 8 | self.number & 0xFF,
            )
            + b"".join(_chunks(symbols))
            + deltas
        )
        return build_packet(Kind.RTPFB, Format.TRANSPORT, body + bytes(-len(body) % 4))

    def _encode(self, last: int) -> tuple[list[int], bytes]:
        symbols = []
        deltas = bytearray()
        for arrival in self.arrivals:
            if arrival is None:
                symbols.append(_LOST)
                continue
            delta = arrival - last
            last = arrival
            if 0 <= delta <= 0xFF:
                symbols.append(_SMALL)
                deltas.append(delta)
            elif -0x8000 <= delta <= 0x7FFF:
                symbols.append(_LARGE)
                deltas += delta.to_bytes(2, "big", signed=True)
            else:
                raise WireError("transport feedback spans too long a time")
        return symbols, bytes(deltas)


def _chunks(symbols: list[int]) -> Iterator[bytes]:
    """Runs of more than a vector's worth as run-length chunks, everything else as two-bit vectors."""
    runs = [(symbol, len(list(run))) for symbol, run in groupby(symbols)]
    pending: list[int] = []
    for symbol, length in runs:
        while pending and length and len(pending) < _VECTOR:
            pending.append(symbol)
            length -= 1
        if len(pending) == _VECTOR:
            yield _vector(pending)
            pending = []
        while length > _VECTOR:
            run = min(length, _RUN_MAX)
            yield (symbol << 13 | run).to_bytes(2, "big")
            length -= run
        pending += [symbol] * length
    if pending:
        yield _vector(pending)


def _vector(symbols: list[int]) -> bytes:
    value = 0b11
    for i in range(_VECTOR):
        value = value << 2 | (symbols[i] if i < len(symbols) else _LOST)
    return value.to_bytes(2, "big")


def parse_feedback(sender_ssrc: int, media_ssrc: int, fci: bytes) -> TransportFeedback:
    """Decode the FCI of a transport-wide feedback packet. Raises WireError when it is cut off."""
    if len(fci) < 8:
        raise WireError("transport feedback is cut off")
    base_seq, count, word = struct.unpack_from("!HHI", fci)
    symbols, position = _read_symbols(fci, count)
    reference = word >> 8
    last = (reference - 0x1000000 if reference & 0x800000 else reference) * REFERENCE_TICKS
    arrivals: list[int | None] = []
    for symbol in symbols:
        if symbol not in (_SMALL, _LARGE):
            arrivals.append(None)
            continue
        if position + symbol > len(fci):
            raise WireError("transport feedback deltas are cut off")
        last += int.from_bytes(fci[position : position + symbol], "big", signed=symbol == _LARGE)
        position += symbol
        arrivals.append(last)
    return TransportFeedback(sender_ssrc, media_ssrc, base_seq, word & 0xFF, tuple(arrivals))


def _read_symbols(fci: bytes, count: int) -> tuple[list[int], int]:
    symbols: list[int] = []
    position = 8
    while len(symbols) < count:
        if position + 2 > len(fci):
            raise WireError("transport feedback chunks are cut off")
        chunk = fci[position] << 8 | fci[position + 1]
        position += 2
        if not chunk & 0x8000:
            symbols += [chunk >> 13 & 3] * min(chunk & _RUN_MAX, count - len(symbols))
            if not chunk & _RUN_MAX:
                raise WireError("transport feedback run of no packets")
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -2, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return symbols[:count], position
