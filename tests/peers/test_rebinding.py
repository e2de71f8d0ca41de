"""A guest behind a NAT that forgets its mapping in mid-call, over the shipped daemon, without a browser."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator

import pytest

from benches.load.offer import AUDIO_MID, Credentials, Streams, parse_answer, render_offer
from mixer.params import Fingerprint, TransportParams
from mixer.transport.certificate import Certificate
from mixer.wire.rtp import parse_rtp
from tests.peers.daemon import Daemon
from tests.peers.meeting_client import MeetingClient, connection, guest
from tests.peers.nat import nat_before
from tests.peers.thin_socket import ThinSocket
from tests.peers.tone import Tone
from tests.scenarios.devices import OPUS_TYPE, Earpiece, Microphone

pytestmark = pytest.mark.alone

ADA_HZ, BOB_HZ = 440.0, 1000.0
SENT_DBOV = -20.0
LIMIT_S = 3.0
HEARING_S = 0.7
"""An ear's level is that of the last second."""
FRAME_S = 0.02


class ThinGuest:
    """Ada: her peer connection checks as often as Chromium's does, and so it is not aiortc's."""

    def __init__(self, client: MeetingClient, certificate: Certificate) -> None:
        self._client = client
        self._certificate = certificate
        self._fingerprint = next(each for each in certificate.fingerprints if each.algorithm == "sha-256")
        self._microphone = Microphone(Tone(ADA_HZ, SENT_DBOV), ssrc=1234)
        self.earpiece = Earpiece()
        self.socket: ThinSocket | None = None

    async def connect(self, through: tuple[str, int]) -> None:
        """Open the media by way of a router."""
        ours = Credentials("adas", "adas-password-is-long-enough", f"sha-256 {self._fingerprint.value}")
        offer = render_offer(ours, Streams("ada", audio=1234, camera=1235, camera_rtx=1236), slots=0)
        since = len(self._client.messages)
        await self._client.send("offer", id=1, sdp=offer, lines={AUDIO_MID: "audio"}, new=False)
        theirs = parse_answer((await self._client.expect("answer", since=since))["sdp"]).credentials
        fingerprint = Fingerprint("sha-256", theirs.fingerprint.split()[1])
        params = TransportParams(ours.ufrag, ours.pwd, theirs.ufrag, theirs.pwd, (fingerprint,))
        self.socket = socket = ThinSocket(params, self._certificate, through)
        socket.peer.on_rtp = self._hear
        socket.start()
        await self._client.until(lambda: socket.peer.is_connected, "media")

    async def talk(self) -> None:
        """Say the tone until cancelled."""
        assert self.socket is not None
        due_at = time.monotonic()
        while True:
            packet = self._microphone.next()
            if packet is not None:
                self.socket.peer.send_rtp(packet)
            due_at += FRAME_S
            await asyncio.sleep(due_at - time.monotonic())

    def _hear(self, data: bytes, now: float) -> None:
        packet = parse_rtp(data)
        if packet.payload_type == OPUS_TYPE:
            self.earpiece.receive(packet)


@contextlib.asynccontextmanager
async def thin_guest(daemon: Daemon, access_key: str, through: tuple[str, int]) -> AsyncIterator[ThinGuest]:
    async with connection(daemon.http_url) as client:
        await client.join(access_key=access_key, display_name="Ada")
        ada = ThinGuest(client, Certificate())
        await ada.connect(through)
        assert ada.socket is not None
        talk = asyncio.create_task(ada.talk())
        try:
            yield ada
        finally:
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)
            ada.socket.close()
            await client.send("leave")


async def test_a_nat_that_forgets_costs_three_seconds_of_sound_at_most(daemon: Daemon) -> None:
    meeting = await daemon.create_meeting(mode="AUDIO")
    key = meeting["access_key"]
    with nat_before(daemon.udp_port) as nat:
        async with (
            guest(daemon.http_url, key, "Bob", tone=Tone(BOB_HZ, SENT_DBOV), slots=0) as bob,
            thin_guest(daemon, key, nat.address) as ada,
        ):

            def hears() -> bool:
                return abs(ada.earpiece.dbov(BOB_HZ) - SENT_DBOV) <= 3

            def is_heard() -> bool:
                return abs(bob.heard(ADA_HZ) - SENT_DBOV) <= 3

            await bob.until(lambda: hears() and is_heard(), "sound of each other")
            for _ in range(2):
                nat.rebind()
                rebound_at = time.monotonic()
                await bob.until(lambda: not is_heard(), "silence")
                ada.earpiece.forget()
                await bob.until(is_heard, "Ada's sound again")
                heard_s = time.monotonic() - rebound_at
                await bob.until(hears, "Bob's sound again")
                hears_s = time.monotonic() - rebound_at
                logging.getLogger(__name__).info("heard after %.1f s, hears after %.1f s", heard_s, hears_s)
                assert max(heard_s, hears_s) <= LIMIT_S + HEARING_S
