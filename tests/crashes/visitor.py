"""A guest who stays through crashes: takes a seat, connects media, talks, and comes back by itself to what it had.

It shows no pictures and measures nothing; docs/protocol.md, "Seats". Its pauses between tries are those of a page:
random and growing, so that a crowd does not come back all at once.
"""

import asyncio
import contextlib
import itertools
import os
import random
from time import monotonic
from typing import Any

import aiohttp

from benches.load.microphone import Microphone, MicrophoneState
from benches.load.offer import AUDIO_MID, Credentials, Streams, line_purposes, parse_answer, render_offer
from mixer.params import Fingerprint, TransportParams
from mixer.transport.certificate import Certificate
from tests.peers.thin_socket import ThinSocket

SUBPROTOCOL = "confserver.v1"
ANSWER_LIMIT_S = 10.0
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 2.0
PASSING = {"shutting_down", "unavailable"}

Message = dict[str, Any]


class Refused(Exception):
    """The door said no; `reason` as in the protocol."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Visitor:
    """Out of the room until `enter`, each on a network of their own. `seat_id` and `seat_token`: of the last welcome.

    `seated_at` and `connected_at` are monotonic seconds. `media_lost` is set when the server says so, and the peer
    connection is closed then.
    """

    def __init__(self, http: aiohttp.ClientSession, certificate: Certificate, access_key: str, name: str) -> None:
        self.name = name
        self.access_key = access_key
        # Somebody from the network of one who was removed would have to wait for a host.
        self._headers = {"X-Forwarded-For": ".".join(map(str, (10, *os.urandom(3))))}
        self.seat_id = ""
        self.seat_token: str | None = None
        self.seated_at = 0.0
        self.connected_at = 0.0
        self.media_lost = asyncio.Event()
        self._has_news = asyncio.Event()
        self._http = http
        self._certificate = certificate
        self._page: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self._wire: ThinSocket | None = None
        ssrc = int.from_bytes(os.urandom(4), "big") & 0xFFFFFFF0
        self._streams = Streams(cname=f"visitor-{ssrc:x}", audio=ssrc, camera=ssrc + 1, camera_rtx=ssrc + 2)
        self._microphone = Microphone(ssrc, AUDIO_MID, itertools.count().__next__)

    async def enter(self) -> bool:
        """Take a seat, or one's own again: then true. Raises Refused, or aiohttp.ClientError if nobody is there."""
        await self.vanish()
        join = {"type": "join", "access_key": self.access_key, "display_name": self.name}
        if self.seat_token is not None:
            join["seat_token"] = self.seat_token
        page = await self._http.ws_connect("/api/ws", protocols=[SUBPROTOCOL], headers=self._headers)
        try:
            await page.send_json(join)
            welcome = await _until_welcome(page)
        except BaseException:
            await page.close()
            raise
        self._page, self.seated_at = page, monotonic()
        self.seat_id, self.seat_token = welcome["participant_id"], welcome["seat_token"]
        self.media_lost.clear()
        self._reading = asyncio.create_task(self._read(page))
        return bool(welcome["is_resumed"])

    async def come_back(self, limit_s: float) -> bool:
        """The same, tried again until somebody is there. Raises Refused, or TimeoutError after `limit_s`."""
        async with asyncio.timeout(limit_s):
            for attempt in itertools.count():
                await asyncio.sleep(random.random() * min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt))
                try:
                    return await self.enter()
                except Refused as refusal:
                    if refusal.reason not in PASSING:
                        raise
                except aiohttp.ClientError:
                    pass
        raise AssertionError("counting has no end")

    async def connect(self) -> None:
        """A fresh peer connection for the seat. Raises TimeoutError, or aiohttp.ClientError if the seat is lost."""
        async with asyncio.timeout(ANSWER_LIMIT_S):
            while not self._is_connected:
                self.media_lost.clear()
                self._has_news.clear()
                await self._negotiate()
                await self._has_news.wait()
        self.connected_at = monotonic()

    @property
    def _is_connected(self) -> bool:
        return self._wire is not None and self._wire.peer.is_connected

    async def _negotiate(self) -> None:
        assert self._page is not None
        fingerprint = next(each for each in self._certificate.fingerprints if each.algorithm == "sha-256")
        own = Credentials(os.urandom(4).hex(), os.urandom(12).hex(), f"{fingerprint.algorithm} {fingerprint.value}")
        offer = {"type": "offer", "id": 1, "sdp": render_offer(own, self._streams, slots=0), "lines": line_purposes(0)}
        await self._page.send_json({**offer, "new": True})
        answer = parse_answer((await self._answers.get())["sdp"])
        remote = answer.credentials
        algorithm, _, value = remote.fingerprint.partition(" ")
        params = TransportParams(own.ufrag, own.pwd, remote.ufrag, remote.pwd, (Fingerprint(algorithm, value),))
        self._hang_up()
        self._wire = ThinSocket(params, self._certificate, answer.address)
        self._wire.peer.on_connected = self._has_news.set
        self._wire.start()

    def talk(self) -> None:
        """20 ms of sound, once connected."""
        if self._wire is not None and self._is_connected:
            self._microphone.switch(MicrophoneState.OPEN)
            packet = self._microphone.next_packet()
            assert packet is not None
            self._wire.peer.send_rtp(packet)

    async def leave(self) -> None:
        """Say so, and go."""
        if self._page is not None:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                await self._page.send_json({"type": "leave"})
        await self.vanish()

    async def vanish(self) -> None:
        """Close what is open. Good at any time."""
        self._hang_up()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            self._reading = None
        if self._page is not None:
            await self._page.close(code=aiohttp.WSCloseCode.GOING_AWAY)
            self._page = None

    async def _read(self, page: aiohttp.ClientWebSocketResponse) -> None:
        async for received in page:
            message = received.json()
            if message["type"] == "answer":
                self._answers.put_nowait(message)
            elif message["type"] == "media_lost":
                self._hang_up()
                self.media_lost.set()
                self._has_news.set()

    def _hang_up(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None


async def _until_welcome(page: aiohttp.ClientWebSocketResponse) -> Message:
    async with asyncio.timeout(ANSWER_LIMIT_S):
        async for received in page:
            message: Message = received.json()
            if message["type"] == "welcome":
                return message
            if message["type"] in {"refused", "ended"}:
                raise Refused(message["reason"])
    raise aiohttp.ClientConnectionError(f"closed with {page.close_code} before a welcome")
