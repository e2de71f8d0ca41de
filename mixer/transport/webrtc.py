"""One WebRTC peer's path: ICE-lite finds it, DTLS agrees on keys, SRTP carries RTP and RTCP.

It connects these three and decides nothing about packets: those it receives go to its sink as they are, those it is
given go out. RFC 8835.
"""

from collections.abc import Callable, Collection
from typing import Protocol

from mixer.base.drops import DropReason, Drops
from mixer.base.rate_limit import RateLimit
from mixer.params import TransportParams
from mixer.transport.certificate import Certificate
from mixer.transport.close_reason import CloseReason
from mixer.transport.dtls import DtlsAssociation, DtlsState
from mixer.transport.ice_lite import IceLiteAgent
from mixer.transport.srtp import SrtpSession
from mixer.wire.demux import is_rtcp
from mixer.wire.stun import Address, Message

PACKETS_PER_S = 2_000
"""A camera and a screen at 2.5 Mb/s each, their sound, retransmissions and probing make some 1,300."""
PACKET_BURST = 1_000
"""Key frames, and what has waited while we were held up for half a second."""
RTCP_BYTES_PER_S = 50_000
"""Feedback on nine pictures over a bad network takes less than half; what RTCP asks for costs more than what it is."""

Send = Callable[[bytes, Address], None]
"""Sends one datagram now, or counts why it did not."""


class TransportSink(Protocol):
    """Who gets what a transport receives. Packets are decrypted and believed, not parsed."""

    def on_connected(self, now: float) -> None:
        """Packets can be sent from now on. Called once."""

    def on_rtp(self, data: bytes, now: float) -> None:
        """An RTP packet arrived."""

    def on_rtcp(self, data: bytes, now: float) -> None:
        """A compound RTCP packet arrived."""

    def on_closed(self, reason: CloseReason, now: float) -> None:
        """The transport ended, by whomever. Called once and last; the owner takes it out of its mux."""


class _Nobody:
    """The sink of a transport that is closed: the one it had is let go, so that no circle keeps both in memory."""

    def on_connected(self, now: float) -> None:
        """Nobody cares."""

    def on_rtp(self, data: bytes, now: float) -> None:
        """Nobody cares."""

    def on_rtcp(self, data: bytes, now: float) -> None:
        """Nobody cares."""

    def on_closed(self, reason: CloseReason, now: float) -> None:
        """Nobody cares."""


NOBODY = _Nobody()


class WebRtcTransport:
    """The server's end. Datagrams come in through a `Mux`, which asks for `local_ufrags` and `addresses`."""

    __slots__ = (
        "_drops",
        "_dtls",
        "_ice",
        "_is_closed",
        "_packet_limit",
        "_path",
        "_rtcp_limit",
        "_send",
        "_sink",
        "_srtp",
        "packets_received",
        "packets_sent",
    )

    def __init__(
        self,
        params: TransportParams,
        certificate: Certificate,
        sink: TransportSink,
        send: Send,
        drops: Drops,
        now: float,
    ) -> None:
        self.packets_received = 0
        self.packets_sent = 0
        self._sink = sink
        self._send = send
        self._drops = drops
        self._ice = IceLiteAgent(params, drops, now)
        self._path = self._ice.path
        self._dtls = DtlsAssociation(certificate, params.remote_fingerprints, drops)
        self._srtp: SrtpSession | None = None
        self._packet_limit = RateLimit(PACKETS_PER_S, PACKET_BURST)
        self._rtcp_limit = RateLimit(RTCP_BYTES_PER_S, RTCP_BYTES_PER_S)
        self._is_closed = False

    @property
    def is_connected(self) -> bool:
        """Whether packets can be sent."""
        return self._srtp is not None

    @property
    def local_ufrags(self) -> tuple[str, ...]:
        """The names by which checks may ask for it: one, and one more while ICE restarts."""
        return self._ice.local_ufrags

    @property
    def addresses(self) -> Collection[Address]:
        """The addresses the peer has proven to be at: what comes from elsewhere is not from it."""
        return self._path.addresses

    def restart_ice(self, params: TransportParams, now: float) -> None:
        """Take over the credentials of an ICE restart; then it is to be added to its mux again.

        Everything else goes on: DTLS, SRTP, and the way of media until the peer takes another. The same credentials
        as before are no restart.
        """
        self._ice.restart(params, now)

    def handle_stun(self, message: Message, address: Address, now: float) -> bool:
        """Answer a check, if it deserves that. Returns whether it proved that the peer is at `address`."""
        answer = self._ice.handle_check(message, address, now)
        if answer is None:
            return False
        self._send(answer.reply, address)
        if answer.is_valid:
            self._dtls.start(now)
            self._send_dtls()
        return answer.is_valid

    def handle_dtls(self, data: bytes, now: float) -> None:
        """Take a DTLS datagram that came from one of `addresses`."""
        self._dtls.receive(data, now)
        self._follow_dtls(now)

    def handle_srtp(self, data: bytes, address: Address, now: float) -> None:
        """Take an SRTP or SRTCP packet that came from one of `addresses`.

        Limits count what is authentic: if anything else did, whoever knows the peer's address could silence it. What
        they save is what comes after, up to a copy for every viewer.
        """
        srtp = self._srtp
        if srtp is None:
            self._drops[DropReason.SRTP_NO_KEYS] += 1
            return
        is_control = is_rtcp(data)
        packet = srtp.unprotect_rtcp(data) if is_control else srtp.unprotect_rtp(data)
        if packet is None:
            return
        self._path.note_media(address, now)
        if not self._packet_limit.allows(now):
            self._drops[DropReason.SRTP_TOO_MANY_PACKETS] += 1
        elif not is_control:
            self.packets_received += 1
            self._sink.on_rtp(packet, now)
        elif self._rtcp_limit.allows(now, len(packet)):
            self._sink.on_rtcp(packet, now)
        else:
            self._drops[DropReason.SRTP_TOO_MUCH_RTCP] += 1

    def send_rtp(self, packet: bytes) -> None:
        """Protect and send an RTP packet, at most 2028 bytes. The packet path of the whole server ends here."""
        srtp, path = self._srtp, self._path.selected
        if srtp is None or path is None:
            self._drop_unsent()
            return
        data = srtp.protect_rtp(packet)
        if data is not None:
            self.packets_sent += 1
            self._send(data, path)

    def send_rtcp(self, packet: bytes) -> None:
        """Protect and send a compound RTCP packet."""
        srtp, path = self._srtp, self._path.selected
        if srtp is None or path is None:
            self._drop_unsent()
            return
        data = srtp.protect_rtcp(packet)
        if data is not None:
            self._send(data, path)

    def is_in_use(self, address: Address, now: float) -> bool:
        """Whether the peer was at an address a moment ago: then nobody else can be there."""
        return self._path.is_in_use(address, now)

    def forget(self, address: Address) -> None:
        """An address has become another transport's."""
        self._path.forget(address)

    def next_deadline(self) -> float | None:
        """When `handle_timer` has something to do; None once closed."""
        if self._is_closed:
            return None
        ice_deadline, dtls_deadline = self._ice.next_deadline(), self._dtls.next_deadline()
        return ice_deadline if dtls_deadline is None else min(ice_deadline, dtls_deadline)

    def handle_timer(self, now: float) -> None:
        """Repeat a DTLS flight, give up on a peer. Without effect before `next_deadline`."""
        self._dtls.handle_timer(now)
        self._follow_dtls(now)
        self._ice.handle_timer(now)
        if self._ice.is_expired:
            self.close(CloseReason.CONSENT_EXPIRED, now)

    def close(self, reason: CloseReason, now: float) -> None:
        """End: say so to the peer and to the sink. Without effect the second time."""
        if self._is_closed:
            return
        self._is_closed = True
        self._srtp = None
        self._dtls.close()
        self._send_dtls()
        sink, self._sink = self._sink, NOBODY
        sink.on_closed(reason, now)

    def _follow_dtls(self, now: float) -> None:
        self._send_dtls()
        dtls = self._dtls
        if dtls.state is DtlsState.CLOSED and dtls.close_reason is not None:
            self.close(dtls.close_reason, now)
        elif dtls.keys is not None and self._srtp is None:
            self._srtp = SrtpSession(dtls.keys, self._drops)
            self._sink.on_connected(now)

    def _drop_unsent(self) -> None:
        self._drops[DropReason.SRTP_NO_KEYS if self._srtp is None else DropReason.SRTP_NO_PATH] += 1

    def _send_dtls(self) -> None:
        path = self._path.selected
        for datagram in self._dtls.take_outgoing():
            if path is not None:
                self._send(datagram, path)
