"""One thin guest: takes a seat, connects, sends what its microphone and camera give, counts what comes.

It shows no slots and decodes nothing; how fast it is asked to tick is the crowd's business.
"""

import asyncio
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import aiohttp

from benches.load.camera import Camera
from benches.load.invitation import Invitation
from benches.load.microphone import Microphone
from benches.load.offer import AUDIO_MID, CAMERA_MID, Credentials, Streams, line_purposes, parse_answer, render_offer
from benches.load.pictures import Clip
from benches.load.reception import Reception
from benches.load.seat import JoinError, Seat
from mixer.params import Fingerprint, TransportParams
from mixer.rtp.reports import ntp_time
from mixer.transport.certificate import Certificate
from mixer.wire.rtcp import FullIntraRequest, PictureLoss, SenderReport, SourceDescription, parse_rtcp
from tests.peers.thin_client import ThinPeer
from tests.peers.thin_socket import ThinSocket

MEDIA_LIMIT_S = 10.0
POLL_S = 0.002
REPORT_TICKS = 50
"""A browser reports about once a second."""


@dataclass(frozen=True, slots=True)
class JoinTimes:
    """Seconds from the `join` message to DTLS done, and to the first packet of the mix (None: nobody waited for it)."""

    connected_s: float
    heard_s: float | None


class Guest:
    """In the room after `join`, out of it after `leave`. `tick` is due every 20 ms in between.

    `said`, when it is a list, gets the time and `Microphone.frame_index` of each packet of the microphone.
    """

    def __init__(self, name: str, certificate: Certificate, clip: Clip | None) -> None:
        self.name = name
        self._certificate = certificate
        ssrc = int.from_bytes(os.urandom(4), "big") & 0xFFFFFFF0
        self._streams = Streams(cname=f"guest-{ssrc:x}", audio=ssrc, camera=ssrc + 1, camera_rtx=ssrc + 2)
        next_transport_seq = itertools.count().__next__
        self.microphone = Microphone(ssrc, AUDIO_MID, next_transport_seq)
        self.camera = Camera(ssrc + 1, CAMERA_MID, clip, next_transport_seq) if clip else None
        self.reception = Reception()
        self.said: list[tuple[float, int]] | None = None
        self._seat: Seat | None = None
        self._socket: ThinSocket | None = None
        self._ticks = 0

    async def join(self, http: aiohttp.ClientSession, invitation: Invitation, *, waits_for_sound: bool) -> JoinTimes:
        """Take a seat and connect. Raises JoinError."""
        self._seat = await Seat.open(http, invitation)
        pressed_at = monotonic()
        slots = await self._seat.enter(invitation, self.name, has_camera=self.camera is not None)
        credentials = Credentials(os.urandom(4).hex(), os.urandom(12).hex(), _sha256(self._certificate))
        offer = render_offer(credentials, self._streams, slots=slots)
        answer = parse_answer(await self._seat.negotiate(offer, line_purposes(slots)))
        remote = answer.credentials
        algorithm, _, value = remote.fingerprint.partition(" ")
        params = TransportParams(
            credentials.ufrag, credentials.pwd, remote.ufrag, remote.pwd, (Fingerprint(algorithm, value),)
        )
        self._socket = socket = ThinSocket(params, self._certificate, answer.address)
        socket.peer.on_rtp = self.reception.receive
        socket.peer.on_rtcp = self._receive_rtcp
        socket.start()
        await _until(lambda: socket.peer.is_connected, f"{self.name} is not connected")
        connected_at = monotonic()
        if not waits_for_sound:
            return JoinTimes(connected_at - pressed_at, None)
        await _until(lambda: self.reception.first_sound_at is not None, f"{self.name} hears nothing")
        return JoinTimes(connected_at - pressed_at, (self.reception.first_sound_at or 0.0) - pressed_at)

    @property
    def is_seated(self) -> bool:
        """Whether the server still wants us."""
        return self._seat is not None and self._seat.is_open

    @property
    def streams(self) -> Streams:
        """The SSRCs it has announced."""
        return self._streams

    @property
    def peer(self) -> ThinPeer:
        """What protects and sends its packets. Raises RuntimeError if it has not joined."""
        if self._socket is None:
            raise RuntimeError(f"{self.name} has not joined")
        return self._socket.peer

    async def leave(self) -> None:
        """Close what is open; good after a failed join too."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._seat is not None:
            await self._seat.leave()

    async def vanish(self) -> None:
        """Be gone without a word, as a browser is that crashes."""
        if self._socket is not None:
            self._socket.peer.vanish()
            self._socket.close()
            self._socket = None
        if self._seat is not None:
            await self._seat.vanish()

    def tick(self, now: float) -> None:
        """Send what 20 ms have brought; without effect until connected."""
        if self._socket is None or not self._socket.peer.is_connected:
            return
        send = self._socket.peer.send_rtp
        packet = self.microphone.next_packet()
        if packet is not None:
            if self.said is not None:
                self.said.append((monotonic(), self.microphone.frame_index))
            send(packet)
        if self.camera is not None:
            for packet in self.camera.next_packets():
                send(packet)
        self._ticks += 1
        if self._ticks % REPORT_TICKS == 0:
            self._socket.peer.send_rtcp(self._report(now))

    def _report(self, now: float) -> bytes:
        senders: list[Microphone | Camera] = (
            [self.microphone] if self.camera is None else [self.microphone, self.camera]
        )
        blocks = self.reception.blocks(now)
        parts = []
        for sender in senders:
            report = SenderReport(sender.ssrc, ntp_time(now), sender.timestamp, sender.packets, sender.octets, blocks)
            parts += [report.pack(), SourceDescription(sender.ssrc, self._streams.cname).pack()]
            blocks = ()
        return b"".join(parts)

    def _receive_rtcp(self, data: bytes, now: float) -> None:
        for packet in parse_rtcp(data):
            if isinstance(packet, SenderReport):
                self.reception.note_sender_report(packet, now)
            elif isinstance(packet, PictureLoss | FullIntraRequest) and self.camera is not None:
                self.camera.ask_key_frame()


async def _until(is_reached: Callable[[], bool], otherwise: str) -> None:
    give_up_at = monotonic() + MEDIA_LIMIT_S
    while not is_reached():
        if monotonic() > give_up_at:
            raise JoinError(f"{otherwise} after {MEDIA_LIMIT_S:g} s")
        await asyncio.sleep(POLL_S)


def _sha256(certificate: Certificate) -> str:
    fingerprint = next(each for each in certificate.fingerprints if each.algorithm == "sha-256")
    return f"{fingerprint.algorithm} {fingerprint.value}"
