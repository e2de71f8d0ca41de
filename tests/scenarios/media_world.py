"""A whole media server on invented time: guests with real DTLS, SRTP and Opus on a network that loses by a seed.

It is the worker without its process: commands in, events out, a tick every 20 ms. It asserts nothing.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from mixer.audio.pcm import FRAME_S
from mixer.events import EndpointConnected, Event, SlotsChanged, SlotView
from mixer.params import (
    Codec,
    Command,
    EndpointParams,
    HeaderExtensions,
    MediaLine,
    OpenEndpoint,
    OpenRoom,
    ParticipantParams,
    Purpose,
    RoomParams,
    SetParticipant,
    TransportParams,
)
from mixer.server import MediaServer
from mixer.transport.webrtc import WebRtcTransport
from mixer.wire.rtcp import PictureLoss, parse_rtcp
from mixer.wire.rtp import parse_rtp
from mixer.wire.stun import Address
from tests.mixer.transport.network import CLIENT_CERTIFICATE, SERVER_CERTIFICATE, Network
from tests.peers.thin_client import ThinPeer
from tests.peers.tone import Tone
from tests.scenarios.devices import LEVEL_ID, OPUS_TYPE, VP8_TYPE, Camera, Earpiece, Microphone, Screen

E = TypeVar("E", bound=Event)

ROOM = "a-room"
LOBBY = "a-room/waiting"
OPUS = Codec("opus", OPUS_TYPE, 48_000, channels=2)
VP8 = Codec("vp8", VP8_TYPE, 90_000, rtx_payload_type=97)
EXTENSIONS = HeaderExtensions(mid=1, audio_level=LEVEL_ID)
MICROPHONE, CAMERA, SLOT = "0", "1", "s"
"""The mids of a device's lines; slots count on from `s0`."""


class ServedNetwork(Network):
    """Implements `mixer.network.Network`."""

    kernel_drops = 0

    def add(self, transport: WebRtcTransport) -> None:
        self.mux.add(transport)

    def remove(self, transport: WebRtcTransport) -> None:
        self.mux.remove(transport)


class MediaWorld:
    """A server with one open room. `events` are what it has reported, each with its time."""

    def __init__(self, seed: int = 1, loss: float = 0.0, jitter_s: float = 0.0, cells: int = 9) -> None:
        self.network = ServedNetwork(seed, loss, jitter_s)
        self.events: list[tuple[float, Event]] = []
        self.devices: list[Device] = []
        self.server = MediaServer(
            self.network,
            SERVER_CERTIFICATE,
            lambda event: self.events.append((self.now, event)),
            self.network.drops,
        )
        self._numbers = itertools.count(1)
        self.obey(OpenRoom(RoomParams(ROOM, cells)))

    @property
    def now(self) -> float:
        return self.network.now

    def obey(self, *commands: Command) -> None:
        """Hand the server commands."""
        for command in commands:
            self.server.obey(command, self.now)

    def reported(self, kind: type[E]) -> list[E]:
        """The events of one type."""
        return [event for _, event in self.events if isinstance(event, kind)]

    def connected_at(self, device: "Device") -> float:
        """When the server said that a device's media flow."""
        connected = EndpointConnected(ROOM, device.endpoint_id)
        return next(at for at, event in self.events if event == connected)

    def slots_told(self, device: "Device") -> list[tuple[SlotView, ...]]:
        """What the server has said of a device's slots, one entry for each time."""
        return [event.slots for event in self.reported(SlotsChanged) if event.endpoint_id == device.endpoint_id]

    def enter(
        self, name: str, tone: Tone | None = None, *, has_camera: bool = False, slots: int = 0, room_id: str = ROOM
    ) -> "Device":
        """Somebody comes in with one device, which begins to connect."""
        order = len(self.devices)
        self.obey(SetParticipant(room_id, ParticipantParams(name, order, has_camera=has_camera)))
        return self.add_device(name, tone, has_camera=has_camera, slots=slots, room_id=room_id)

    def add_device(
        self, name: str, tone: Tone | None = None, *, has_camera: bool = False, slots: int = 0, room_id: str = ROOM
    ) -> "Device":
        """A device of somebody who is in."""
        device = Device(self, name, next(self._numbers), tone, room_id)
        self.devices.append(device)
        device.negotiate(device.lines_for(has_camera=has_camera, slots=slots))
        device.peer.start(self.now)
        return device

    def run(self, seconds: float) -> None:
        """Let time pass: in each 20 ms every device sends, and the server ticks once."""
        for _ in range(round(seconds / FRAME_S)):
            for device in self.devices:
                device.send_frame()
            self.network.run(FRAME_S)
            self.server.tick(self.now, 0)

    def counter(self, name: str) -> float:
        """One of the server's counters."""
        return self.server.counters()[name]


class Device:
    """A browser: says its tone, hears the mix, sends pictures if it has a camera, watches its slots."""

    def __init__(
        self, world: MediaWorld, participant_id: str, number: int, tone: Tone | None, room_id: str = ROOM
    ) -> None:
        self.participant_id = participant_id
        self.endpoint_id = f"{participant_id}-{number}"
        self.lines: tuple[MediaLine, ...] = ()
        self.microphone = Microphone(tone, ssrc=100 * number)
        self.camera = Camera(ssrc=100 * number + 1)
        self.earpiece = Earpiece()
        self.screen = Screen()
        self._world = world
        self._room_id = room_id
        self._number = number
        self._params = TransportParams(
            f"server-{number}", f"server-password-{number:08}", f"client-{number}", "client-password",
            CLIENT_CERTIFICATE.fingerprints,
        )  # fmt: skip
        self.peer = ThinPeer(self._mirrored(), CLIENT_CERTIFICATE, lambda data: None, self._receive, self._receive_rtcp)
        self.address: Address = ("192.0.2.1", 4000 + number)
        world.network.move(self.peer, self.address)

    def lines_for(self, *, has_camera: bool = False, slots: int = 0) -> tuple[MediaLine, ...]:
        """Lines as they come out of a negotiation; a line that is negotiated again keeps its SSRC."""
        base = 10_000 * self._number
        microphone = MediaLine(
            MICROPHONE, Purpose.AUDIO, OPUS, EXTENSIONS, receives=True, sends=True, ssrc=base, cname="us",
            remote_ssrcs=((self.microphone.ssrc, None),),
        )  # fmt: skip
        camera = MediaLine(
            CAMERA, Purpose.CAMERA, VP8, EXTENSIONS, receives=True, sends=False, has_nack=True,
            remote_ssrcs=((self.camera.ssrc, None),),
        )  # fmt: skip
        watched = tuple(
            MediaLine(
                f"{SLOT}{index}", Purpose.SLOT, VP8, EXTENSIONS, receives=False, sends=True, ssrc=base + 1 + index,
                rtx_ssrc=base + 101 + index, cname="us", has_nack=True,
            )
            for index in range(slots)
        )  # fmt: skip
        return (microphone, *((camera,) if has_camera else ()), *watched)

    def negotiate(self, lines: Sequence[MediaLine]) -> None:
        """Open the endpoint with these lines, or change the lines of the open one."""
        self.lines = tuple(lines)
        self._world.obey(
            OpenEndpoint(self._room_id, EndpointParams(self.endpoint_id, self.participant_id, self._params, self.lines))
        )

    def restart_ice(self) -> None:
        """As a browser does whose network has changed: other credentials at both ends, and a check with them."""
        again = f"{self._params.remote_ufrag}-again"
        self._params = replace(self._params, local_ufrag=f"server-{again}", remote_ufrag=again)
        self.negotiate(self.lines)
        self.peer.restart_ice(self._mirrored(), self._world.now)

    def move(self, address: Address, *, leaves: bool = True) -> None:
        """Send from another address; who leaves the one before is not reached there any more."""
        if leaves:
            self._world.network.unplug(self.address)
        self.address = address
        self._world.network.move(self.peer, address)

    def send_frame(self) -> None:
        """Send what 20 ms bring, once connected."""
        if self.peer.is_connected:
            packets = [self.microphone.next()]
            if any(line.purpose is Purpose.CAMERA for line in self.lines):
                packets.append(self.camera.next())
            for packet in packets:
                if packet is not None:
                    self.peer.send_rtp(packet)

    def heard(self, hz: float) -> float:
        """Level of a tone in the last second, in dBov."""
        return self.earpiece.dbov(hz)

    def _mirrored(self) -> TransportParams:
        params = self._params
        return replace(
            params,
            local_ufrag=params.remote_ufrag,
            local_pwd=params.remote_pwd,
            remote_ufrag=params.local_ufrag,
            remote_pwd=params.local_pwd,
            remote_fingerprints=SERVER_CERTIFICATE.fingerprints,
        )

    def _receive(self, data: bytes, now: float) -> None:
        packet = parse_rtp(data)
        # A packet of a line that is gone was on its way when it went.
        for line in (line for line in self.lines if line.ssrc == packet.ssrc):
            if line.purpose is Purpose.SLOT:
                self.screen.receive(line.mid, packet, now)
            else:
                self.earpiece.receive(packet)

    def _receive_rtcp(self, data: bytes, now: float) -> None:
        for packet in parse_rtcp(data):
            if isinstance(packet, PictureLoss) and packet.media_ssrc == self.camera.ssrc:
                self.camera.refresh(now)
