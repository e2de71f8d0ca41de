"""Compound RTCP (`mixer.wire.rtcp`): the packets that are understood, or WireError."""

from collections.abc import Iterator

from mixer.wire.errors import WireError
from mixer.wire.feedback import TransportFeedback
from mixer.wire.rtcp import (
    BitrateEstimate,
    Bye,
    FullIntraRequest,
    Nack,
    PictureLoss,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    SourceDescription,
    TransportFeedbackBody,
    parse_rtcp,
)

MAX_BYTES = 2048


def target(data: bytes) -> None:
    """Every packet that was understood reads the same when it is written again."""
    try:
        packets = parse_rtcp(data)
    except WireError:
        return
    for packet in packets:
        if not isinstance(packet, TransportFeedbackBody):
            _check(packet, parse_rtcp(packet.pack()))


def _check(packet: RtcpPacket, again: list[RtcpPacket]) -> None:
    if isinstance(packet, Nack):
        # The wire form of a run tells no order and no repetition.
        assert [set(nack.seqs) for nack in again if isinstance(nack, Nack)] == [set(packet.seqs)]
    else:
        assert again == [packet]


def seeds() -> Iterator[bytes]:
    """One of each kind, alone and together."""
    block = ReportBlock(7, 128, -3, 70000, 12, 0x11112222, 65536)
    packets: list[bytes] = [
        SenderReport(1, 2**63 + 5, 3, 4, 5, (block,)).pack(),
        ReceiverReport(1, (block, block)).pack(),
        SourceDescription(1, "a-name").pack(),
        Bye((1, 2)).pack(),
        PictureLoss(1, 2).pack(),
        FullIntraRequest(1, ((2, 255),)).pack(),
        Nack(1, 2, (65534, 65535, 3, 100)).pack(),
        BitrateEstimate(1, 128_000, (2, 3)).pack(),
        TransportFeedback(1, 2, 3, 4, (0, None, 5)).pack(),
    ]
    yield from packets
    yield b"".join(packets)
