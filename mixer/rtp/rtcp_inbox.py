"""Arriving RTCP of one endpoint: parsed once, handed to the streams it speaks of.

It answers nothing itself. RFC 3550 section 6, RFC 4585.
"""

from collections.abc import Callable
from typing import Protocol

from mixer.base.drops import DropReason, Drops
from mixer.rtp.send_stream import SendStream
from mixer.wire.errors import WireError
from mixer.wire.rtcp import (
    Bye,
    FullIntraRequest,
    Nack,
    PictureLoss,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    parse_rtcp,
)

MAX_NACKED = 512
"""Sequence numbers taken from one compound."""

DEFAULT_RTT_S = 0.100


class Receiving(Protocol):
    """What reports of a sender concern: the router of the endpoint."""

    def sender_reported(self, report: SenderReport, now: float) -> None:
        """A sender report has come."""

    def gone(self, ssrc: int) -> None:
        """A stream has said goodbye."""


class Picture(Protocol):
    """What requests of a viewer concern: a down track."""

    @property
    def stream(self) -> SendStream:
        """The stream on which it is sent."""

    def nacked(self, seqs: tuple[int, ...], now: float) -> None:
        """The viewer misses these packets."""

    def key_frame_wanted(self, now: float) -> None:
        """The viewer cannot go on without a key frame."""


class RtcpInbox:
    """One for each endpoint. `rtt` is the transport's round trip in seconds as last reported."""

    def __init__(self, receiving: Receiving, drops: Drops) -> None:
        self.rtt = DEFAULT_RTT_S
        self._receiving = receiving
        self._drops = drops
        self._streams: dict[int, SendStream] = {}
        self._pictures: dict[int, Picture] = {}

    def set_senders(self, sounds: tuple[SendStream, ...], pictures: tuple[Picture, ...]) -> None:
        """Replace what the endpoint is sent: streams of sound and down tracks."""
        self._pictures = {picture.stream.ssrc: picture for picture in pictures}
        self._streams = {stream.ssrc: stream for stream in (*sounds, *(picture.stream for picture in pictures))}

    @property
    def streams(self) -> tuple[SendStream, ...]:
        """All streams the endpoint is sent."""
        return tuple(self._streams.values())

    def receive(self, data: bytes, now: float) -> None:
        """Take one decrypted compound."""
        try:
            packets = parse_rtcp(data)
        except WireError:
            self._drops[DropReason.RTCP_MALFORMED] += 1
            return
        for packet in _bounded(packets, self._drops):
            handler = _HANDLERS.get(type(packet))
            if handler:
                handler(self, packet, now)

    def _sender_report(self, report: SenderReport, now: float) -> None:
        self._receiving.sender_reported(report, now)
        self._blocks(report.blocks, now)

    def _receiver_report(self, report: ReceiverReport, now: float) -> None:
        self._blocks(report.blocks, now)

    def _blocks(self, blocks: tuple[ReportBlock, ...], now: float) -> None:
        for block in blocks:
            stream = self._streams.get(block.ssrc)
            if stream:
                stream.reported(block, now)
                if stream.rtt is not None:
                    self.rtt = stream.rtt

    def _bye(self, bye: Bye, now: float) -> None:
        for ssrc in bye.ssrcs:
            self._receiving.gone(ssrc)

    def _nack(self, nack: Nack, now: float) -> None:
        picture = self._pictures.get(nack.media_ssrc)
        if picture:
            picture.nacked(nack.seqs, now)

    def _picture_loss(self, loss: PictureLoss, now: float) -> None:
        self._want_key_frame(loss.media_ssrc, now)

    def _full_intra_request(self, request: FullIntraRequest, now: float) -> None:
        for ssrc, _ in request.commands:
            self._want_key_frame(ssrc, now)

    def _want_key_frame(self, ssrc: int, now: float) -> None:
        picture = self._pictures.get(ssrc)
        if picture:
            picture.key_frame_wanted(now)


_HANDLERS: dict[type, Callable[..., None]] = {
    SenderReport: RtcpInbox._sender_report,
    ReceiverReport: RtcpInbox._receiver_report,
    Bye: RtcpInbox._bye,
    Nack: RtcpInbox._nack,
    PictureLoss: RtcpInbox._picture_loss,
    FullIntraRequest: RtcpInbox._full_intra_request,
}
"""Functions, not methods of one inbox: an inbox that holds itself would outlive its endpoint."""


def _bounded(packets: list[RtcpPacket], drops: Drops) -> list[RtcpPacket]:
    """The packets without those requests for resends that exceed what one compound may ask for."""
    nacked = 0
    kept = []
    for packet in packets:
        if isinstance(packet, Nack):
            nacked += len(packet.seqs)
            if nacked > MAX_NACKED:
                drops[DropReason.RTCP_TOO_MANY_NACKS] += 1
                continue
        kept.append(packet)
    return kept
