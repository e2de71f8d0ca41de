"""One slot of one viewer: carries out what its forwarder decides, and answers the viewer's requests.

It chooses no source: `video_room` does. RFC 4585, RFC 4588.
"""

import random
from collections.abc import Callable

from mixer.base.drops import DropReason, Drops
from mixer.forward.forwarder import Forwarder
from mixer.params import MediaLine
from mixer.router.layer import Layer, VideoPacket
from mixer.rtp.history import History
from mixer.rtp.rtx import wrap_rtx
from mixer.rtp.send_stream import SendStream
from mixer.wire.hdrext import build_extensions


class DownTrack:
    """`send` takes a whole plain RTP packet; `line` is a negotiated slot and must have an ssrc."""

    def __init__(self, line: MediaLine, send: Callable[[bytes], None], drops: Drops) -> None:
        if line.ssrc is None:
            raise ValueError(f"slot {line.mid} was negotiated without an ssrc")
        codec = line.codec
        self.line = line
        mid = build_extensions([(line.extensions.mid, line.mid.encode())]) if line.extensions.mid else b""
        self.stream = SendStream(line.ssrc, codec.payload_type, codec.clock_rate, line.cname, mid)
        self._forwarder = Forwarder(self.stream.seq, self.stream.first_timestamp)
        self._history = History()
        self._send = send
        self._drops = drops
        self._rtx_seq = random.randrange(0x4000)
        self._watched: set[Layer] = set()

    @property
    def current(self) -> Layer | None:
        """The layer that is being sent."""
        return self._forwarder.current

    @property
    def target(self) -> Layer | None:
        """The layer that takes over at its next key frame."""
        return self._forwarder.target

    def show(self, layer: Layer, generation: int) -> None:
        """Carry `layer` from its next key frame on, tagged `generation`; what is carried now goes on until then."""
        self._forwarder.aim(layer, generation)
        self._watch()

    def hold(self) -> None:
        """Await no other layer; what is carried now goes on."""
        self._forwarder.target = None
        self._watch()

    def stop(self) -> None:
        """Carry nothing from now on."""
        self._forwarder.stop()
        self._watch()

    def forward(self, packet: VideoPacket) -> None:
        """Take the next packet of a watched layer. This is the hot path: once for each viewer of each packet."""
        decision = self._forwarder.decide(packet)
        if isinstance(decision, DropReason):
            self._dropped(packet, decision)
            return
        seq, timestamp, picture_id, tl0picidx, is_switch = decision
        stream = self.stream
        header = stream.head(seq, timestamp, marker=packet.marker)
        descriptor = packet.descriptor
        head = header if descriptor is None else header + descriptor.render(picture_id, tl0picidx)
        data = head + packet.tail
        self._send(data)
        self._history.store(seq, head, packet.tail)
        stream.sent(len(data) - len(header), timestamp, packet.now)
        if is_switch:
            self._settle(packet)

    def nacked(self, seqs: tuple[int, ...], now: float) -> None:
        """The viewer misses these packets (16-bit numbers)."""
        codec, rtx_ssrc = self.line.codec, self.line.rtx_ssrc
        for seq in seqs:
            kept = self._history.resend(seq, now)
            if isinstance(kept, DropReason):
                self._drops[kept] += 1
            elif codec.rtx_payload_type is not None and rtx_ssrc is not None:
                self._send(wrap_rtx(*kept, codec.rtx_payload_type, rtx_ssrc, self._rtx_seq))
                self._rtx_seq += 1
            else:
                self._send(b"".join(kept))

    def key_frame_wanted(self, now: float) -> None:
        """The viewer cannot go on without a key frame."""
        layer = self._forwarder.target or self._forwarder.current
        if layer is not None:
            layer.track.request_key_frame(layer, now)

    def _dropped(self, packet: VideoPacket, reason: DropReason) -> None:
        self._drops[reason] += 1
        if reason is DropReason.FORWARD_WAITING_KEY_FRAME or reason is DropReason.FORWARD_SOURCE_JUMPED:
            self.key_frame_wanted(packet.now)

    def _settle(self, packet: VideoPacket) -> None:
        """Let go of the old layer; if the key frame began with a packet that came late, send what had overtaken it."""
        self._watch()
        for overtaking in packet.layer.recent_after(packet.seq):
            self.forward(overtaking)

    def _watch(self) -> None:
        """Be a sink of exactly the layers that the forwarder is concerned with."""
        concerned = {layer for layer in (self._forwarder.current, self._forwarder.target) if layer is not None}
        for layer in self._watched - concerned:
            layer.unwatch(self)
        for layer in concerned - self._watched:
            layer.watch(self)
        self._watched = concerned
