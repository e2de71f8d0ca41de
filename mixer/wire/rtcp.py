"""RTCP: compound packets to values and back.

Tolerant on the way in: what is unknown (XR, APP) or malformed is passed over, the rest of the compound is used. Report
intervals and answers are decided elsewhere. RFC 3550 section 6, RFC 4585, RFC 5104 section 4.3.1,
draft-alvestrand-rmcat-remb-03.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from mixer.wire.errors import WireError
from mixer.wire.rtp import VERSION


class Kind(IntEnum):
    """RTCP packet types."""

    SR = 200
    RR = 201
    SDES = 202
    BYE = 203
    RTPFB = 205
    PSFB = 206


class Format:
    """Feedback message types: the first two under RTPFB, the others under PSFB."""

    NACK = 1
    TRANSPORT = 15
    PLI = 1
    FIR = 4
    APPLICATION = 15


MAX_PACKETS = 32
"""How many packets of one compound are read; a datagram holds few in practice."""

_CNAME = 1
_U32 = 0xFFFFFFFF
_REMB = b"REMB"
_BLOCK = struct.Struct("!IIIIII")
_SENDER_INFO = struct.Struct("!QIII")
_WORD = struct.Struct("!I")
_PAIR = struct.Struct("!II")
_NACK_ITEM = struct.Struct("!HH")


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one SSRC. `fraction_lost` in 1/256, `jitter` in clock ticks, `delay` in 1/65536 s."""

    ssrc: int
    fraction_lost: int
    packets_lost: int
    highest_seq: int
    jitter: int
    last_sender_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """`ntp` is 32.32 fixed point, at the instant of `timestamp` (RTP clock)."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()

    def pack(self) -> bytes:
        """The packet in wire form."""
        info = _SENDER_INFO.pack(
            self.ntp, self.timestamp & 0xFFFFFFFF, self.packets & 0xFFFFFFFF, self.octets & 0xFFFFFFFF
        )
        return build_packet(Kind.SR, len(self.blocks), _WORD.pack(self.ssrc) + info + _pack_blocks(self.blocks))


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """Reports of one who sends nothing, or more blocks than fit a sender report."""

    ssrc: int
    blocks: tuple[ReportBlock, ...] = ()

    def pack(self) -> bytes:
        """The packet in wire form."""
        return build_packet(Kind.RR, len(self.blocks), _WORD.pack(self.ssrc) + _pack_blocks(self.blocks))


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """The canonical name of one SSRC; other items are not kept."""

    ssrc: int
    cname: str

    def pack(self) -> bytes:
        """The packet in wire form. The name must not exceed 255 bytes of UTF-8."""
        name = self.cname.encode()
        chunk = _WORD.pack(self.ssrc) + bytes((_CNAME, len(name))) + name
        return build_packet(Kind.SDES, 1, chunk + bytes(4 - len(chunk) % 4))


@dataclass(frozen=True, slots=True)
class Bye:
    """These SSRCs are gone."""

    ssrcs: tuple[int, ...]

    def pack(self) -> bytes:
        """The packet in wire form."""
        return build_packet(Kind.BYE, len(self.ssrcs), b"".join(_WORD.pack(ssrc) for ssrc in self.ssrcs))


@dataclass(frozen=True, slots=True)
class PictureLoss:
    """PLI: a key frame of `media_ssrc` is wanted."""

    sender_ssrc: int
    media_ssrc: int

    def pack(self) -> bytes:
        """The packet in wire form."""
        return build_packet(Kind.PSFB, Format.PLI, _PAIR.pack(self.sender_ssrc, self.media_ssrc))


@dataclass(frozen=True, slots=True)
class FullIntraRequest:
    """FIR: key frames of these SSRCs are wanted; pairs (ssrc, sequence number of the command)."""

    sender_ssrc: int
    commands: tuple[tuple[int, int], ...]

    def pack(self) -> bytes:
        """The packet in wire form."""
        items = b"".join(_PAIR.pack(ssrc, (number & 0xFF) << 24) for ssrc, number in self.commands)
        return build_packet(Kind.PSFB, Format.FIR, _PAIR.pack(self.sender_ssrc, 0) + items)


@dataclass(frozen=True, slots=True)
class Nack:
    """These packets of `media_ssrc` (16-bit sequence numbers, in the order given) are missing."""

    sender_ssrc: int
    media_ssrc: int
    seqs: tuple[int, ...]

    def pack(self) -> bytes:
        """The packet in wire form; runs of up to 17 numbers share one item."""
        items: list[tuple[int, int]] = []
        for seq in self.seqs:
            distance = (seq - items[-1][0]) & 0xFFFF if items else 0
            if 1 <= distance <= 16:
                items[-1] = (items[-1][0], items[-1][1] | 1 << distance - 1)
            else:
                items.append((seq, 0))
        body = b"".join(_NACK_ITEM.pack(*item) for item in items)
        return build_packet(Kind.RTPFB, Format.NACK, _PAIR.pack(self.sender_ssrc, self.media_ssrc) + body)


@dataclass(frozen=True, slots=True)
class BitrateEstimate:
    """REMB: the receiver's estimate in bits per second for these SSRCs together."""

    sender_ssrc: int
    bitrate: int
    ssrcs: tuple[int, ...]

    def pack(self) -> bytes:
        """The packet in wire form; the bit rate keeps its 18 leading bits."""
        exponent = max(0, self.bitrate.bit_length() - 18)
        value = len(self.ssrcs) << 24 | exponent << 18 | self.bitrate >> exponent
        body = _REMB + _WORD.pack(value) + b"".join(_WORD.pack(ssrc) for ssrc in self.ssrcs)
        return build_packet(Kind.PSFB, Format.APPLICATION, _PAIR.pack(self.sender_ssrc, 0) + body)


@dataclass(frozen=True, slots=True)
class TransportFeedbackBody:
    """A transport-wide feedback packet whose FCI is still undecoded (`mixer.wire.feedback`)."""

    sender_ssrc: int
    media_ssrc: int
    fci: bytes


RtcpPacket = (
    SenderReport
    | ReceiverReport
    | SourceDescription
    | Bye
    | PictureLoss
    | FullIntraRequest
    | Nack
    | BitrateEstimate
    | TransportFeedbackBody
)


def parse_rtcp(data: bytes) -> list[RtcpPacket]:
    """The packets of one compound that we understand, in order, at most MAX_PACKETS.

    Raises WireError when the datagram does not begin with an RTCP packet.
    """
    packets: list[RtcpPacket] = []
    for kind, count, body in _split(data):
        try:
            packets += _parse_body(kind, count, body)
        except (struct.error, IndexError, UnicodeDecodeError):
            continue
    return packets


def _split(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, count (or format) and body of each packet, up to the first whose length is wrong."""
    if len(data) < 4:
        raise WireError("RTCP packet shorter than its header")
    position = 0
    for _ in range(MAX_PACKETS):
        if position + 4 > len(data):
            return
        first, kind, words = struct.unpack_from("!BBH", data, position)
        end = position + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            if position == 0:
                raise WireError("not an RTCP packet")
            return
        padding = data[end - 1] if first & 0x20 and words else 0
        yield kind, first & 0x1F, data[position + 4 : max(position + 4, end - padding)]
        position = end


def _parse_body(kind: int, count: int, body: bytes) -> Iterable[RtcpPacket]:
    match kind, count:
        case (Kind.SR, _):
            ntp, timestamp, packets, octets = _SENDER_INFO.unpack_from(body, 4)
            return (SenderReport(_word(body, 0), ntp, timestamp, packets, octets, _parse_blocks(body, 24, count)),)
        case (Kind.RR, _):
            return (ReceiverReport(_word(body, 0), _parse_blocks(body, 4, count)),)
        case (Kind.SDES, _):
            return tuple(_parse_chunks(body, count))
        case (Kind.BYE, _):
            return (Bye(tuple(_word(body, 4 * i) for i in range(count))),)
        case (Kind.RTPFB | Kind.PSFB, _):
            sender, media = _PAIR.unpack_from(body)
            return _parse_feedback(kind, count, sender, media, body[8:])
    return ()


def _parse_feedback(kind: int, form: int, sender: int, media: int, fci: bytes) -> Iterable[RtcpPacket]:
    match kind, form:
        case (Kind.RTPFB, Format.NACK):
            return (Nack(sender, media, tuple(_nacked(fci))),)
        case (Kind.RTPFB, Format.TRANSPORT):
            return (TransportFeedbackBody(sender, media, fci),)
        case (Kind.PSFB, Format.PLI):
            return (PictureLoss(sender, media),)
        case (Kind.PSFB, Format.FIR):
            commands = tuple((ssrc, number >> 24) for ssrc, number in _PAIR.iter_unpack(fci[: len(fci) // 8 * 8]))
            return (FullIntraRequest(sender, commands),)
        case (Kind.PSFB, Format.APPLICATION) if fci[:4] == _REMB:
            value = _word(fci, 4)
            ssrcs = tuple(_word(fci, 8 + 4 * i) for i in range(value >> 24))
            return (BitrateEstimate(sender, (value & 0x3FFFF) << (value >> 18 & 0x3F), ssrcs),)
    return ()


def _nacked(fci: bytes) -> Iterator[int]:
    for first, mask in _NACK_ITEM.iter_unpack(fci[: len(fci) // 4 * 4]):
        yield first
        for bit in range(16):
            if mask >> bit & 1:
                yield (first + bit + 1) & 0xFFFF


def _parse_blocks(body: bytes, start: int, count: int) -> tuple[ReportBlock, ...]:
    blocks = []
    for i in range(count):
        ssrc, lost, highest, jitter, last, delay = _BLOCK.unpack_from(body, start + 24 * i)
        cumulative = lost & 0xFFFFFF
        signed = cumulative - 0x1000000 if cumulative & 0x800000 else cumulative
        blocks.append(ReportBlock(ssrc, lost >> 24, signed, highest, jitter, last, delay))
    return tuple(blocks)


def _pack_blocks(blocks: Iterable[ReportBlock]) -> bytes:
    return b"".join(
        _BLOCK.pack(
            block.ssrc,
            block.fraction_lost << 24 | max(-0x800000, min(0x7FFFFF, block.packets_lost)) & 0xFFFFFF,
            block.highest_seq & _U32,
            block.jitter & _U32,
            block.last_sender_report,
            block.delay,
        )
        for block in blocks
    )


def _parse_chunks(body: bytes, count: int) -> Iterator[SourceDescription]:
    position = 0
    for _ in range(count):
        ssrc = _word(body, position)
        position += 4
        while position < len(body) and body[position]:
            size = body[position + 1]
            if body[position] == _CNAME:
                yield SourceDescription(ssrc, body[position + 2 : position + 2 + size].decode())
            position += 2 + size
        position = (position + 4) // 4 * 4


def _word(data: bytes, position: int) -> int:
    value: int = _WORD.unpack_from(data, position)[0]
    return value


def build_packet(kind: int, count: int, body: bytes) -> bytes:
    """One RTCP packet of that type; `count` is its count or format, `body` a multiple of 4 bytes."""
    return struct.pack("!BBH", VERSION | count, kind, len(body) // 4) + body
