"""One device of a participant in the media plane: a transport, and the tracks of its m-lines.

It connects and does not decide: what is forwarded, mixed, asked for again or reported is decided by the objects it
holds. It is its transport's sink and knows nothing of the room but who is told when it connects and closes.
"""

import secrets
from typing import Protocol

from mixer.audio.sink import AudioFrame
from mixer.base.drops import Drops
from mixer.forward.down_track import DownTrack
from mixer.params import EndpointParams, MediaLine, Purpose
from mixer.router.router import Router
from mixer.rtp.rtcp_inbox import RtcpInbox
from mixer.rtp.rtcp_outbox import RtcpOutbox
from mixer.rtp.send_stream import SendStream
from mixer.transport.certificate import Certificate
from mixer.transport.close_reason import CloseReason
from mixer.transport.webrtc import Send, WebRtcTransport
from mixer.wire.hdrext import build_extensions


class EndpointOwner(Protocol):
    """Who is told what becomes of an endpoint: its room."""

    def connected(self, endpoint: "MediaEndpoint", now: float) -> None:
        """Media flows from now on."""

    def closed(self, endpoint: "MediaEndpoint", reason: CloseReason, now: float) -> None:
        """Its transport ended, by whomever; called once."""


class MediaEndpoint:
    """`lines` are the m-lines as negotiated last; `configure` replaces them."""

    def __init__(
        self,
        params: EndpointParams,
        owner: EndpointOwner,
        certificate: Certificate,
        send: Send,
        drops: Drops,
        now: float,
    ) -> None:
        self.endpoint_id = params.endpoint_id
        self.participant_id = params.participant_id
        self.lines: tuple[MediaLine, ...] = ()
        self.transport = WebRtcTransport(params.transport, certificate, self, send, drops, now)
        self._owner = owner
        cname = params.lines[0].cname if params.lines else ""
        self._outbox = RtcpOutbox(secrets.randbits(32), cname, self.transport.send_rtcp)
        self.router = Router(self._outbox, drops)
        self._inbox = RtcpInbox(self.router, drops)
        self._sound: SendStream | None = None

    @property
    def slot_lines(self) -> tuple[MediaLine, ...]:
        """The m-lines on which it is sent pictures."""
        return tuple(line for line in self.lines if line.purpose is Purpose.SLOT and line.sends)

    @property
    def is_listener(self) -> bool:
        """Whether it is sent the mix."""
        return self._sound is not None

    def configure(self, lines: tuple[MediaLine, ...]) -> None:
        """Take over what was negotiated; streams whose line is unchanged go on undisturbed."""
        self.lines = lines
        self.router.configure(lines)
        line = next((line for line in lines if line.purpose is Purpose.AUDIO and line.sends and line.ssrc), None)
        if line is None or line.ssrc is None:
            self._sound = None
        elif self._sound is None or self._sound.ssrc != line.ssrc:
            mid = build_extensions([(line.extensions.mid, line.mid.encode())]) if line.extensions.mid else b""
            codec = line.codec
            self._sound = SendStream(line.ssrc, codec.payload_type, codec.clock_rate, line.cname, mid)

    def watch(self, pictures: tuple[DownTrack, ...]) -> None:
        """The down tracks of its slots, whose requests it passes on."""
        self._inbox.set_senders((self._sound,) if self._sound else (), pictures)

    def send_sound(self, frame: AudioFrame, now: float) -> None:
        """Send 20 ms of the mix."""
        if self._sound is not None:
            self.transport.send_rtp(self._sound.stamp(frame.payload, frame.timestamp, now, marker=frame.marker))

    def poll(self, now: float) -> None:
        """Send the feedback and reports that are due."""
        if not self.transport.is_connected:
            return
        self.router.poll(now, self._inbox.rtt)
        if self._outbox.is_report_due(now):
            self._outbox.send_reports(self.router.report_blocks(now), self._inbox.streams, now)

    def on_connected(self, now: float) -> None:
        """The transport connected."""
        self._owner.connected(self, now)

    def on_rtp(self, data: bytes, now: float) -> None:
        """A packet arrived."""
        self.router.receive(data, now)

    def on_rtcp(self, data: bytes, now: float) -> None:
        """Reports and requests arrived."""
        self._inbox.receive(data, now)

    def on_closed(self, reason: CloseReason, now: float) -> None:
        """The transport ended."""
        self._owner.closed(self, reason, now)
        # Tracks and router hold each other; the collector that would find out runs too rarely to be waited for.
        self.router.configure(())
