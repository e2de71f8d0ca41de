"""A guest without a browser: the protocol of docs/protocol.md on aiohttp, WebRTC by aiortc, ears and eyes that measure.

It is no model client: it waits for what a test asks and gives up with an error when it does not come. It meets the
server on the loopback address only.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

import aiohttp
import aioice.ice
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.sdp import SessionDescription

from tests.peers.slots import Picture, Slot
from tests.peers.tone import Ear, Tone
from tests.peers.tracks import Colour, PictureTrack, ToneTrack, mean_colour, mono

SUBPROTOCOL = "confserver.v1"
LIMIT_S = 20.0
POLL_S = 0.02

Message = dict[str, Any]
OpenSocket = Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]

# aioice leaves the loopback address out, and in tests it is the only one that is certain to be there.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"] if use_ipv4 else []


class RefusalError(Exception):
    """The server refused a seat, or closed the door; `message` is what it said."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class MeetingClient:
    """One participant. Made by `guest()`, which also closes it.

    `messages` is all that the server sent, `participants` what it told of people by their id, `slots` the pictures by
    mid in the order of the lines, `ear` the sound of the mix.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, open_socket: OpenSocket) -> None:
        self.socket = socket
        self._open_socket = open_socket
        self._asked: Message = {}
        self.messages: list[Message] = []
        self.participants: dict[str, Message] = {}
        self.slots: dict[str, Slot] = {}
        self.speakers: list[str] = []
        self.welcome: Message = {}
        self.microphone: ToneTrack | None = None
        self.camera: PictureTrack | None = None
        self.ear = Ear(asyncio.get_running_loop().time)
        self.peer = _peer_connection()
        self._ids = itertools.count(1)
        self._reader = asyncio.create_task(self._read(), name="meeting client: messages")
        self._watchers: list[asyncio.Task[None]] = []

    @property
    def participant_id(self) -> str:
        """Who the server says we are."""
        return str(self.welcome["participant_id"])

    @property
    def close_code(self) -> int | None:
        """The code of the WebSocket's close, once it is closed."""
        return self.socket.close_code

    async def send(self, type_: str, **fields: Any) -> None:
        """Send one message."""
        await self.socket.send_json({"type": type_, **fields})

    async def join(self, **fields: Any) -> None:
        """Ask for a seat: fields of `join` in docs/protocol.md. Raises RefusalError."""
        self._asked = fields
        since = len(self.messages)
        await self.send("join", **fields)
        message = await self.expect("welcome", "refused", "error", since=since)
        if message["type"] != "welcome":
            raise RefusalError(message)
        self.welcome = message

    async def connect(
        self, microphone: ToneTrack | None, camera: PictureTrack | None, slots: int, *, is_new: bool = False
    ) -> None:
        """Open the media: offer one audio line, a camera line if there is a camera, and `slots` lines for pictures."""
        self.microphone, self.camera = microphone, camera
        audio = self._add("audio", microphone, "sendrecv" if microphone else "recvonly")
        purposes = [(audio, "audio")]
        if camera:
            purposes.append((self._add("video", camera, "sendonly"), "camera"))
        purposes += [(self._add("video", None, "recvonly"), "slot") for _ in range(slots)]
        await self.peer.setLocalDescription(await self.peer.createOffer())
        self.slots = {str(line.mid): Slot(line) for line, purpose in purposes if purpose == "slot"}
        await self._negotiate({str(line.mid): purpose for line, purpose in purposes}, is_new)
        self._watch(self._listen(audio.receiver))
        for slot in self.slots.values():
            self._watch(self._look(slot))

    async def reconnect(self) -> None:
        """Replace the peer connection by a fresh one with the same lines, as `media_lost` asks for."""
        self._watchers, old = [], self._watchers
        await _end(old)
        await self.peer.close()
        self.peer = _peer_connection()
        # With the old connection its tracks have ended.
        microphone = self.microphone and ToneTrack(self.microphone.tone)
        camera = self.camera and PictureTrack(self.camera.colour)
        await self.connect(microphone, camera, len(self.slots), is_new=True)

    def drop(self) -> None:
        """The network is gone: the WebSocket ends without a close, and the peer connection is not told."""
        transport = self.socket._writer.transport
        assert transport is not None
        transport.abort()

    async def come_back(self, **changed: Any) -> None:
        """Take one's seat again over a new WebSocket; `changed` are other fields of `join`. Raises RefusalError."""
        await _end([self._reader])
        await self.socket.close()
        self.socket = await self._open_socket()
        self._reader = asyncio.create_task(self._read(), name="meeting client: messages")
        await self.join(**self._asked | {"seat_token": self.welcome["seat_token"]} | changed)

    async def expect(self, *types: str, since: int | None = None, limit_s: float = LIMIT_S) -> Message:
        """The first message of one of these types, of those after number `since` (default: those yet to come)."""
        start = len(self.messages) if since is None else since
        found: list[Message] = []

        def has_come() -> bool:
            found.extend(message for message in self.messages[start:] if message["type"] in types)
            return bool(found)

        await self.until(has_come, f"a message of type {' or '.join(types)}", limit_s)
        return found[0]

    async def until(self, condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
        """Return as soon as the condition holds. Raises TimeoutError, which says what was waited for."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + limit_s
        while not condition():
            for task in (self._reader, *self._watchers):
                if task.done():
                    task.result()
            if loop.time() > give_up_at:
                told = [message["type"] for message in self.messages]
                raise TimeoutError(f"no {what} within {limit_s:g} s; the server has told {told}")
            await asyncio.sleep(POLL_S)

    def heard(self, hz: float) -> float:
        """Level in dBov of a tone in the mix of the last second."""
        return self.ear.dbov(hz)

    def picture(self, mid: str) -> Picture | None:
        """The newest picture of a slot."""
        pictures = self.slots[mid].pictures
        return pictures[-1] if pictures else None

    def seen(self) -> dict[str, Colour]:
        """Colours by the participant whose name belongs to them, over the slots that are meant to show a picture."""
        shown = [slot for slot in self.slots.values() if slot.pictures and slot.intended.get("generation") is not None]
        newest = [slot.pictures[-1] for slot in shown]
        return {picture.participant_id: picture.colour for picture in newest if picture.participant_id}

    async def close(self) -> None:
        """Go without a word: to the server the person may come back."""
        await _end([self._reader, *self._watchers])
        await self.peer.close()
        await self.socket.close()

    def _add(self, kind: str, track: MediaStreamTrack | None, direction: str) -> RTCRtpTransceiver:
        return self.peer.addTransceiver(track or kind, direction=direction)

    async def _negotiate(self, lines: dict[str, str], is_new: bool) -> None:
        number, since = next(self._ids), len(self.messages)
        await self.send("offer", id=number, sdp=self.peer.localDescription.sdp, lines=lines, new=is_new)
        answer = await self.expect("answer", "error", since=since)
        if answer["type"] != "answer":
            raise RefusalError(answer)
        await self.peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        await self._read_again(SessionDescription.parse(answer["sdp"]))

    async def _read_again(self, answer: SessionDescription) -> None:
        """What aiortc leaves out: it takes the candidates of a bundle's last line only, and of an ssrc group the first.

        Without the second ssrc it routes retransmissions by their payload type, which all slots share.
        """
        by_mid = {transceiver.mid: transceiver for transceiver in self.peer.getTransceivers()}
        for media in answer.media:
            for candidate in media.ice_candidates:
                candidate.sdpMid = media.rtp.muxId
                await self.peer.addIceCandidate(candidate)
            receiver = by_mid[media.rtp.muxId].receiver
            for description in media.ssrc:
                receiver.transport._rtp_router.ssrc_table[description.ssrc] = receiver

    def _watch(self, watcher: Coroutine[Any, Any, None]) -> None:
        self._watchers.append(asyncio.create_task(watcher, name="meeting client: media"))

    async def _listen(self, receiver: Any) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                self.ear.hear(mono(await receiver.track.recv()))

    async def _look(self, slot: Slot) -> None:
        receiver: Any = slot.transceiver.receiver
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await receiver.track.recv()
                # aiortc counts timestamps from the first one; the generation is in the bits as they were sent.
                origin = receiver._RTCRtpReceiver__timestamp_mapper._origin
                slot.show(mean_colour(frame), frame.pts + origin)

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self._take(message.json())

    def _take(self, message: Message) -> None:
        self.messages.append(message)
        match message["type"]:
            case "welcome":
                self.participants = {participant["id"]: participant for participant in message["participants"]}
            case "joined" | "updated":
                self.participants[message["participant"]["id"]] = message["participant"]
            case "people":
                self.participants |= {participant["id"]: participant for participant in message["participants"]}
            case "left":
                self.participants.pop(message["participant_id"], None)
            case "speakers":
                self.speakers = message["participant_ids"]
            case "slots":
                for entry in message["slots"]:
                    self.slots[entry["mid"]].announce(entry)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _peer_connection() -> RTCPeerConnection:
    return RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))


@contextlib.asynccontextmanager
async def connection(http_url: str, origin: str | None = None) -> AsyncIterator[MeetingClient]:
    """A client whose WebSocket is open and who has not yet asked for a seat."""
    async with aiohttp.ClientSession() as session:
        open_socket = partial(session.ws_connect, f"{http_url}/api/ws", protocols=(SUBPROTOCOL,), origin=origin)
        client = MeetingClient(await open_socket(), open_socket)
        try:
            yield client
        finally:
            await client.close()


@contextlib.asynccontextmanager
async def guest(
    http_url: str,
    access_key: str,
    name: str,
    *,
    tone: Tone | None = None,
    colour: Colour | None = None,
    slots: int | None = None,
    **join: Any,
) -> AsyncIterator[MeetingClient]:
    """A guest in the meeting, who sends a tone and a coloured picture if given them, and takes the cells offered.

    Further keywords are fields of `join` (`pin`, `token`, `seat_token`, `is_muted`). Raises RefusalError.
    """
    async with connection(http_url) as client:
        await client.join(access_key=access_key, display_name=name, has_camera=colour is not None, **join)
        await client.connect(
            ToneTrack(tone) if tone else None,
            PictureTrack(colour) if colour else None,
            client.welcome["cells"] if slots is None else slots,
        )
        try:
            yield client
        finally:
            with contextlib.suppress(ConnectionError):
                await client.send("leave")
