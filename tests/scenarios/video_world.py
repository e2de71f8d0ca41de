"""A room of pictures on invented time: publishers with an encoder, viewers with a decoder, a seeded network between.

Written against the RFCs and not with the code under test, except for packing and parsing bytes.
"""

import heapq
import random
from collections import Counter, deque
from collections.abc import Callable
from itertools import count
from typing import Any

from mixer.base.drops import Drops
from mixer.events import SlotView
from mixer.forward.video_room import VideoRoom
from mixer.params import Codec, HeaderExtensions, MediaLine, ParticipantParams, Purpose
from mixer.router.router import Router
from mixer.rtp.rtcp_inbox import RtcpInbox
from mixer.rtp.rtcp_outbox import RtcpOutbox
from mixer.wire.hdrext import build_extensions
from mixer.wire.rtcp import Nack, PictureLoss, TransportFeedbackBody, parse_rtcp
from mixer.wire.rtp import build_rtp_header, parse_rtp
from mixer.wire.vp8 import parse_vp8

VP8 = Codec("vp8", 96, 90_000, rtx_payload_type=97)
EXTENSIONS = HeaderExtensions(mid=3, rid=4, repaired_rid=5, transport_cc=6)
FPS = 30
TICK_S = 0.020
PACKET_SIZE = 200


def camera_line(rids: tuple[str, ...] = (), **changes: Any) -> MediaLine:
    fields: dict[str, Any] = {
        "mid": "1", "purpose": Purpose.CAMERA, "codec": VP8, "extensions": EXTENSIONS, "receives": True, "sends": False,
        "rids": rids, "has_nack": True, "has_transport_cc": True,
    }  # fmt: skip
    return MediaLine(**(fields | changes))


def slot_line(index: int, ssrc: int, has_rtx: bool = True) -> MediaLine:
    codec = VP8 if has_rtx else Codec("vp8", 96, 90_000)
    rtx_ssrc = ssrc + 5000 if has_rtx else None
    return MediaLine(f"s{index}", Purpose.SLOT, codec, EXTENSIONS, False, True, ssrc, rtx_ssrc, "us", has_nack=True)


class World:
    """Invented time, one room, and a network that loses, delays and reorders by a seed."""

    def __init__(self, seed: int = 1, loss: float = 0.0, delay_s: float = 0.015, jitter_s: float = 0.0) -> None:
        self.now = 100.0
        self.random = random.Random(seed)
        self.loss, self.delay_s, self.jitter_s = loss, delay_s, jitter_s
        self.drops: Drops = Counter()
        self.views: dict[str, deque[tuple[float, tuple[SlotView, ...]]]] = {}
        self.room = VideoRoom(9, self._slots_changed, self.drops)
        self.publishers: dict[str, Publisher] = {}
        self.viewers: dict[str, Viewer] = {}
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._joined = count()
        self.at(self.now, self._tick)

    def at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (when, next(self._order), action))

    def carry(self, data: bytes, receive: Callable[[bytes], None]) -> None:
        """Bring a datagram to the other side, or lose it."""
        if self.random.random() >= self.loss:
            self.at(self.now + self.delay_s + self.random.random() * self.jitter_s, lambda: receive(data))

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self._queue and self._queue[0][0] <= end:
            self.now, _, action = heapq.heappop(self._queue)
            action()
        self.now = end

    def publish(self, participant_id: str, rids: tuple[str, ...] = ()) -> "Publisher":
        publisher = Publisher(self, participant_id, rids)
        self.publishers[participant_id] = publisher
        self.set_participant(participant_id, has_camera=True)
        self.room.publish(participant_id, Purpose.CAMERA, publisher.router.tracks["1"], self.now)
        return publisher

    def set_participant(self, participant_id: str, **fields: Any) -> None:
        order = self.publishers[participant_id].order if participant_id in self.publishers else next(self._joined)
        self.room.set_participant(ParticipantParams(participant_id, order, **fields), self.now)

    def watch(self, participant_id: str, slots: int, has_rtx: bool = True) -> "Viewer":
        self.set_participant(participant_id, position=-1)
        viewer = Viewer(self, participant_id, slots, has_rtx)
        self.viewers[participant_id] = viewer
        return viewer

    def next_order(self) -> int:
        return next(self._joined)

    def _tick(self) -> None:
        self.room.poll(self.now)
        for publisher in self.publishers.values():
            publisher.serve(self.now)
        for viewer in self.viewers.values():
            viewer.serve(self.now)
        self.at(self.now + TICK_S, self._tick)

    def _slots_changed(self, endpoint_id: str, slots: tuple[SlotView, ...]) -> None:
        self.views.setdefault(endpoint_id, deque()).append((self.now, slots))


class Publisher:
    """A browser with a camera: an encoder for each layer, resends by RTX, key frames at most every 0.3 s."""

    def __init__(self, world: World, participant_id: str, rids: tuple[str, ...]) -> None:
        self.world, self.participant_id, self.rids = world, participant_id, rids
        self.order = world.next_order()
        self.number = len(world.publishers) + 1
        self.outbox = RtcpOutbox(1, "us", lambda data: world.carry(data, self.receive_rtcp))
        self.router = Router(self.outbox, world.drops)
        self.router.configure([camera_line(rids)])
        self.layers = {rid: Encoder(self, rid, 100 * self.number + i) for i, rid in enumerate(rids or ("",))}
        self.is_on = True
        self.requests: list[float] = []
        self.nacks: list[tuple[float, int]] = []
        self.feedbacks: list[float] = []
        self.transport_seq = world.random.randrange(65536)
        self.key_frame_at = 0.0
        self.started_at = world.now
        world.at(world.now + world.random.random() / FPS, self._frame)

    def serve(self, now: float) -> None:
        """The server's side of this endpoint, once a tick."""
        self.router.poll(now, 2 * self.world.delay_s + self.world.jitter_s)
        if self.outbox.is_report_due(now):
            self.outbox.send_reports(self.router.report_blocks(now), (), now)

    def send(self, layer: "Encoder", header: dict[str, Any], payload: bytes, is_rtx: bool = False) -> None:
        self.transport_seq = (self.transport_seq + 1) & 0xFFFF
        elements = [(6, self.transport_seq.to_bytes(2, "big"))]
        if self.world.now - self.started_at < 1.0:
            elements += [(3, b"1")] + ([(5 if is_rtx else 4, layer.rid.encode())] if layer.rid else [])
        data = build_rtp_header(**header, extension=build_extensions(elements)) + payload
        self.world.carry(data, lambda data: self.router.receive(data, self.world.now))

    def receive_rtcp(self, data: bytes) -> None:
        for packet in parse_rtcp(data):
            match packet:
                case PictureLoss():
                    self.requests.append(self.world.now)
                    if self.world.now - self.key_frame_at >= 0.3:
                        self.key_frame_at = self.world.now
                        for layer in self.layers.values():
                            layer.wants_key_frame = True
                case Nack(_, ssrc, seqs):
                    self.nacks.append((self.world.now, len(seqs)))
                    layer = next(layer for layer in self.layers.values() if layer.ssrc == ssrc)
                    for seq in seqs:
                        layer.resend(seq)
                case TransportFeedbackBody():
                    self.feedbacks.append(self.world.now)

    def _frame(self) -> None:
        if self.is_on:
            for layer in self.layers.values():
                layer.frame()
        self.world.at(self.world.now + 1 / FPS, self._frame)


class Encoder:
    """One layer. Each packet's payload says whose it is: publisher, ssrc, frame number, index and count."""

    def __init__(self, publisher: Publisher, rid: str, ssrc: int) -> None:
        world = publisher.world
        self.publisher, self.rid, self.ssrc = publisher, rid, ssrc
        self.seq = world.random.randrange(65536)
        self.timestamp_base = world.random.getrandbits(32)
        self.picture_id = world.random.randrange(32768)
        self.tl0picidx = world.random.randrange(256)
        self.rtx_seq = 0
        self.frame_number = 0
        self.is_on = True
        self.wants_key_frame = True
        self.sent: dict[int, tuple[dict[str, Any], bytes]] = {}

    def frame(self) -> None:
        if not self.is_on:
            return
        is_key, self.wants_key_frame = self.wants_key_frame, False
        packets = 8 if is_key else 3
        timestamp = (self.timestamp_base + int(self.publisher.world.now * 90_000)) & 0xFFFFFFFF
        for index in range(packets):
            first = bytes((0x90 if index == 0 else 0x80, 0xE0)) + (0x8000 | self.picture_id).to_bytes(2, "big")
            descriptor = first + bytes((self.tl0picidx, 0x20))
            tag = bytes((self.publisher.number, self.frame_number >> 8 & 255, self.frame_number & 255, index, packets))
            ssrc = self.ssrc.to_bytes(2, "big")
            payload = descriptor + bytes((0 if is_key else 1,)) + ssrc + tag + bytes(PACKET_SIZE)
            header = {
                "payload_type": 96, "seq": self.seq, "timestamp": timestamp, "ssrc": self.ssrc,
                "marker": index == packets - 1,
            }  # fmt: skip
            self.sent[self.seq] = (header, payload)
            self.sent.pop((self.seq - 1000) & 0xFFFF, None)
            self.publisher.send(self, header, payload)
            self.seq = (self.seq + 1) & 0xFFFF
        self.frame_number += 1
        self.picture_id = (self.picture_id + 1) & 0x7FFF
        self.tl0picidx = (self.tl0picidx + 1) & 0xFF

    def resend(self, seq: int) -> None:
        if seq in self.sent:
            header, payload = self.sent[seq]
            self.rtx_seq += 1
            changed = header | {"payload_type": 97, "ssrc": self.ssrc + 50, "seq": self.rtx_seq}
            self.publisher.send(self, changed, seq.to_bytes(2, "big") + payload, is_rtx=True)


class Viewer:
    """A browser that watches slots: one decoder for each, all requests through one server-side inbox."""

    def __init__(self, world: World, participant_id: str, slots: int, has_rtx: bool) -> None:
        self.world = world
        base = 10_000 + 100 * len(world.viewers)
        lines = tuple(slot_line(i, base + i, has_rtx) for i in range(slots))
        self.decoders = {line.mid: Decoder(self, line.ssrc or 0) for line in lines}
        self._by_ssrc = {decoder.ssrc: decoder for decoder in self.decoders.values()}
        self.sent_to = 0
        self.inbox = RtcpInbox(_NoReceiving(), world.drops)
        self.outbox = RtcpOutbox(2, "us", lambda data: None)
        down_tracks = world.room.add_viewer(participant_id, participant_id, lines, self._server_sends, world.now)
        self.inbox.set_senders((), down_tracks)

    def serve(self, now: float) -> None:
        for decoder in self.decoders.values():
            decoder.tick(now)

    def ask(self, packet: Nack | PictureLoss) -> None:
        self.world.carry(packet.pack(), lambda data: self.inbox.receive(data, self.world.now))

    def _server_sends(self, data: bytes) -> None:
        self.sent_to += 1
        self.world.carry(data, self._receive)

    def _receive(self, data: bytes) -> None:
        packet = parse_rtp(data)
        if packet.payload_type == 97:
            original = int.from_bytes(packet.payload[:2], "big")
            self._by_ssrc[packet.ssrc - 5000].receive(original, packet.timestamp, packet.marker, packet.payload[2:])
        else:
            self._by_ssrc[packet.ssrc].receive(packet.seq, packet.timestamp, packet.marker, packet.payload)


class _NoReceiving:
    def sender_reported(self, report: object, now: float) -> None: ...

    def gone(self, ssrc: int) -> None: ...


class Decoder:
    """One slot's receiver: asks for what is missing, shows a frame when all it depends on was shown.

    `shown`: (time, publisher number, ssrc, timestamp, picture id, tl0picidx, is key frame) of each shown frame.
    """

    def __init__(self, viewer: Viewer, ssrc: int) -> None:
        self.viewer, self.ssrc = viewer, ssrc
        self.packets: dict[int, tuple[int, bool, bytes]] = {}
        self.first: int | None = None
        self.highest = 0
        self.asked: dict[int, float] = {}
        self.shown: list[tuple[float, int, int, int, int, int, bool]] = []
        self.mixed_frames = 0
        self.key_frame_asked_at = 0.0
        self.last_shown_at = viewer.world.now
        self._next = 0

    def receive(self, wire_seq: int, timestamp: int, marker: bool, payload: bytes) -> None:
        if self.first is None:
            self.first = self.highest = self._next = wire_seq
        seq = self.highest + ((wire_seq - self.highest + 0x8000 & 0xFFFF) - 0x8000)
        self.highest = max(self.highest, seq)
        self.packets[seq] = (timestamp, marker, payload)
        self._show()

    def missing(self, start: int = 0, end: int | None = None) -> list[int]:
        if self.first is None:
            return []
        last = self.highest if end is None else end
        return [seq for seq in range(max(start, self.first), last + 1) if seq not in self.packets]

    def tick(self, now: float) -> None:
        due = [seq for seq in self.missing(self._next - 50) if now - self.asked.get(seq, 0.0) >= 0.05]
        for seq in due:
            self.asked[seq] = now
        if due:
            self.viewer.ask(Nack(2, self.ssrc, tuple(seq & 0xFFFF for seq in due)))
        is_stuck = self.first is not None and now - self.last_shown_at > 0.4
        if is_stuck and now - self.key_frame_asked_at > 0.3:
            self.key_frame_asked_at = now
            self.viewer.ask(PictureLoss(2, self.ssrc))

    def _show(self) -> None:
        """Show whole frames in order; over a hole only a whole key frame leads."""
        while frame := self._frame_at(self._next):
            self._show_frame(frame)
        for seq in range(self._next + 1, self.highest + 1):
            frame = self._frame_at(seq)
            if frame and parse_vp8(frame[0][2], 0, len(frame[0][2])).is_key_frame:
                self._next = seq
                self._show_frame(frame)
                self._show()
                return

    def _frame_at(self, seq: int) -> list[tuple[int, bool, bytes]]:
        frame: list[tuple[int, bool, bytes]] = []
        while seq in self.packets:
            packet = self.packets[seq]
            if not frame and not (packet[2] and parse_vp8(packet[2], 0, len(packet[2])).is_frame_start):
                return []
            if frame and packet[0] != frame[0][0]:
                # The rest of this frame was never sent: a switch came between. A decoder drops it and goes on.
                return []
            frame.append(packet)
            if packet[1]:
                return frame
            seq += 1
        return []

    def _show_frame(self, frame: list[tuple[int, bool, bytes]]) -> None:
        now = self.viewer.world.now
        parsed = [parse_vp8(payload, 0, len(payload)) for _, _, payload in frame]
        bodies = [payload[d.size :] for (_, _, payload), d in zip(frame, parsed, strict=True)]
        if (
            len({body[1:6] for body in bodies}) != 1
            or len(frame) != bodies[0][7]
            or len({d.picture_id for d in parsed}) != 1
        ):
            self.mixed_frames += 1
        head = parsed[0]
        ssrc = int.from_bytes(bodies[0][1:3], "big")
        shown = (now, bodies[0][3], ssrc, frame[0][0], head.picture_id or 0, head.tl0picidx or 0, head.is_key_frame)
        self.shown.append(shown)
        self.last_shown_at = now
        self._next += len(frame)
