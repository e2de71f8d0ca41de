"""The picture that one m-line brings: its simulcast layers, and the key-frame requests that refresh them all.

It chooses no layer and forwards nothing itself. RFC 8853, RFC 4585.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mixer.base.drops import DropReason, Drops
from mixer.base.rate_limit import RateLimit
from mixer.params import MediaLine
from mixer.router.layer import Layer
from mixer.rtp.keyframes import KeyFrameThrottle
from mixer.rtp.recv_stream import RecvStream
from mixer.rtp.rtx import unwrap_rtx
from mixer.wire.errors import WireError
from mixer.wire.rtp import RtpPacket

PACKETS_PER_S = 800
"""Of all layers, resends included; 2.5 Mb/s, Chromium's most, are 300. Each costs as many copies as it has viewers."""

RequestKeyFrame = Callable[[int], None]
"""Sends a PLI for that SSRC at once."""


class VideoUpTrack:
    """`layers` by rid, the only one under "" without simulcast.

    `on_layer_started` is called with the track when a layer begins that is new or was silent, before its first packet
    is handed on.
    """

    def __init__(self, line: MediaLine, drops: Drops, request_key_frame: RequestKeyFrame) -> None:
        self.line = line
        self.drops = drops
        self.layers: dict[str, Layer] = {}
        self.key_frames = KeyFrameThrottle()
        self.limit = RateLimit(PACKETS_PER_S, PACKETS_PER_S)
        self.on_layer_started: Callable[[VideoUpTrack, float], None] | None = None
        self._request_key_frame = request_key_frame

    def open(self, rid: str, ssrc: int) -> Layer:
        """The layer `rid`, anew with that SSRC."""
        layer = Layer(self, rid, ssrc)
        self.layers[rid] = layer
        return layer

    def close(self, layer: Layer) -> None:
        """Forget a layer that is gone or replaced."""
        self.key_frames.settle(layer.stream.ssrc)
        layer.close()
        if self.layers.get(layer.rid) is layer:
            del self.layers[layer.rid]

    def streams(self) -> Iterable[RecvStream]:
        """What receiver reports tell of."""
        return (layer.stream for layer in self.layers.values())

    def layer_started(self, layer: Layer, now: float) -> None:
        """A layer brings packets that brought none."""
        if self.on_layer_started:
            self.on_layer_started(self, now)

    def request_key_frame(self, layer: Layer, now: float) -> None:
        """Somebody who watches that layer needs a key frame: asked for at once unless that was done just now.

        A silent layer is asked too: a screen on which nothing moves sends nothing until it is.
        """
        self._send_request(self.key_frames.request(layer.stream.ssrc, now))

    def poll(self, now: float, rtt: float) -> list[tuple[int, list[int]]]:
        """What is missing of layers that are watched, as (ssrc, extended sequence numbers); repeats requests."""
        missing = []
        for layer in self.layers.values():
            ssrc = layer.stream.ssrc
            if not layer.sinks:
                layer.nack.forget()
                self.key_frames.settle(ssrc)
                continue
            seqs = layer.nack.poll(now, rtt) if self.line.has_nack else []
            if seqs:
                missing.append((ssrc, seqs))
            if layer.nack.has_given_up:
                layer.nack.has_given_up = False
                self.request_key_frame(layer, now)
        self._send_request(self.key_frames.poll(now))
        return missing

    def _send_request(self, ssrc: int | None) -> None:
        if ssrc is not None:
            self._request_key_frame(ssrc)


class RtxInput:
    """Retransmissions for one layer, which need not have begun: probes come on this SSRC before any picture."""

    __slots__ = ("_rid", "_track")

    def __init__(self, track: VideoUpTrack, rid: str) -> None:
        self._track = track
        self._rid = rid

    def receive(self, packet: RtpPacket, now: float) -> None:
        """Take a packet of the retransmission's SSRC."""
        track = self._track
        layer = track.layers.get(self._rid)
        if packet.payload_type != track.line.codec.rtx_payload_type:
            track.drops[DropReason.RTP_PAYLOAD_TYPE] += 1
        elif packet.is_padding:
            track.drops[DropReason.RTP_PADDING] += 1
        elif layer is None:
            track.drops[DropReason.RTP_RTX_BEFORE_MEDIA] += 1
        else:
            try:
                unwrap_rtx(packet, track.line.codec.payload_type, layer.stream.ssrc)
            except WireError:
                track.drops[DropReason.RTP_MALFORMED] += 1
            else:
                layer.receive_recovered(packet, now)
