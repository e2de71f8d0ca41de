"""A thin WebRTC client for tests and load: an ICE check and its keep-alive, DTLS, SRTP; it is fed datagrams and `now`.

It negotiates nothing, gathers no candidates and decodes no media. RFC 8445 section 7.2 in the smallest form that a
lite server needs.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from mixer.base.drops import Drops
from mixer.params import TransportParams
from mixer.transport.certificate import Certificate
from mixer.transport.close_reason import CloseReason
from mixer.transport.dtls import DtlsAssociation, DtlsRole, DtlsState
from mixer.transport.srtp import PREFERRED_PROFILES, SrtpProfile, SrtpSession
from mixer.wire.demux import Protocol, classify, is_rtcp
from mixer.wire.stun import Message, MessageClass, StunError, build_request, parse

CHECK_RETRY_S = 0.1
KEEPALIVE_S = 2.5
PRIORITY = 1845501695
"""A peer-reflexive candidate: what a browser puts into its checks."""


@dataclass
class ThinPeer:
    """The client's end: `params` are its own credentials (local) and the server's (remote).

    `send(datagram)` sends to the server. What comes from there goes to `receive`; `handle_timer` is due at
    `next_deadline`. `on_rtp` and `on_rtcp` get decrypted packets with the time of their arrival; `on_connected` is
    called once when packets can be sent.
    """

    params: TransportParams
    certificate: Certificate
    send: Callable[[bytes], None]
    on_rtp: Callable[[bytes, float], None] = lambda data, now: None
    on_rtcp: Callable[[bytes, float], None] = lambda data, now: None
    on_connected: Callable[[], None] = lambda: None
    profiles: tuple[SrtpProfile, ...] = PREFERRED_PROFILES
    drops: Drops = field(default_factory=Drops)

    def __post_init__(self) -> None:
        self.error_code: int | None = None
        self._dtls = DtlsAssociation(
            self.certificate, self.params.remote_fingerprints, self.drops, DtlsRole.CLIENT, self.profiles
        )
        self._srtp: SrtpSession | None = None
        self._tie_breaker = int.from_bytes(os.urandom(8), "big")
        self._transaction_id = b""
        self._check_at: float | None = None

    @property
    def is_connected(self) -> bool:
        """Whether packets can be sent."""
        return self._srtp is not None

    @property
    def close_reason(self) -> CloseReason | None:
        """Why the association ended, once it has."""
        return self._dtls.close_reason

    @property
    def profile(self) -> SrtpProfile | None:
        """The protection profile the server chose, once connected."""
        return self._dtls.keys.profile if self._dtls.keys else None

    def start(self, now: float) -> None:
        """Send the first check."""
        self._check(now)

    def restart_ice(self, params: TransportParams, now: float) -> None:
        """Check with these credentials from now on; everything else goes on."""
        self.params = params
        self._check(now)

    def receive(self, data: bytes, now: float) -> None:
        """Take a datagram of the server."""
        protocol = classify(data)
        if protocol is Protocol.RTP and self._srtp is not None:
            self._receive_srtp(self._srtp, data, now)
        elif protocol is Protocol.DTLS:
            self._dtls.receive(data, now)
            self._follow_dtls()
        elif protocol is Protocol.STUN:
            self._receive_stun(data, now)

    def send_rtp(self, packet: bytes) -> None:
        """Protect and send an RTP packet; without effect unless connected."""
        data = self._srtp.protect_rtp(packet) if self._srtp is not None else None
        if data is not None:
            self.send(data)

    def send_rtcp(self, packet: bytes) -> None:
        """Protect and send a compound RTCP packet; without effect unless connected."""
        data = self._srtp.protect_rtcp(packet) if self._srtp is not None else None
        if data is not None:
            self.send(data)

    def next_deadline(self) -> float | None:
        """When `handle_timer` has something to do; None before `start` and after the end."""
        deadlines = (self._check_at, self._dtls.next_deadline())
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    def handle_timer(self, now: float) -> None:
        """Check again, repeat a DTLS flight."""
        if self._check_at is not None and now >= self._check_at:
            self._check(now)
        self._dtls.handle_timer(now)
        self._follow_dtls()

    def close(self) -> None:
        """Leave: close_notify, and no more checks."""
        self._dtls.close()
        self._follow_dtls()

    def stop_checking(self) -> None:
        """Give no consent any more, and go on with everything else; a restart of ICE resumes it."""
        self._check_at = None

    def vanish(self) -> None:
        """Stop without a word, as a crashed client does."""
        self._check_at = None
        self._srtp = None
        self.send = lambda datagram: None

    def _check(self, now: float) -> None:
        self._transaction_id = os.urandom(12)
        self._check_at = now + (CHECK_RETRY_S if self._dtls.state is DtlsState.NEW else KEEPALIVE_S)
        params = self.params
        request = build_request(
            self._transaction_id,
            f"{params.remote_ufrag}:{params.local_ufrag}",
            params.remote_pwd,
            PRIORITY,
            controlling=self._tie_breaker,
            is_nominating=True,
        )
        self.send(request)

    def _receive_stun(self, data: bytes, now: float) -> None:
        try:
            message = parse(data)
        except StunError:
            return
        if not self._is_our_answer(message):
            return
        self.error_code = message.error_code
        if message.message_class is MessageClass.SUCCESS and self._dtls.state is DtlsState.NEW:
            self._check_at = now + KEEPALIVE_S
            self._dtls.start(now)
            self._follow_dtls()

    def _is_our_answer(self, message: Message) -> bool:
        return message.transaction_id == self._transaction_id and message.is_signed_with(self.params.remote_pwd)

    def _receive_srtp(self, srtp: SrtpSession, data: bytes, now: float) -> None:
        if is_rtcp(data):
            packet = srtp.unprotect_rtcp(data)
            if packet is not None:
                self.on_rtcp(packet, now)
            return
        packet = srtp.unprotect_rtp(data)
        if packet is not None:
            self.on_rtp(packet, now)

    def _follow_dtls(self) -> None:
        for datagram in self._dtls.take_outgoing():
            self.send(datagram)
        if self._dtls.state is DtlsState.CLOSED:
            self._check_at = None
            self._srtp = None
        elif self._dtls.keys is not None and self._srtp is None:
            self._srtp = SrtpSession(self._dtls.keys, self.drops)
            self.on_connected()
