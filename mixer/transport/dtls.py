"""One DTLS association, server or client: datagrams and `now` in; datagrams, SRTP keys or a close reason out.

It carries no data of its own and opens no socket; OpenSSL does the protocol. RFC 6347, RFC 5763, RFC 5764.
"""

import contextlib
from enum import Enum

from OpenSSL import SSL

from mixer.base.drops import DropReason, Drops
from mixer.base.rate_limit import RateLimit
from mixer.params import Fingerprint
from mixer.transport.certificate import Certificate, is_identified_by
from mixer.transport.close_reason import CloseReason
from mixer.transport.dtls_flight import MTU, Flight
from mixer.transport.dtls_gate import FIRST_HELLO, DtlsGate
from mixer.transport.srtp import PREFERRED_PROFILES, SrtpKeys, SrtpProfile

HANDSHAKE_LIMIT_S = 10.0
DATAGRAMS_PER_S = 100.0
"""A handshake takes five to ten, and after it there is one to say goodbye."""
REPEATS_PER_S = 10.0
"""Of what was sent last, to one who seems to lack it: asking for it takes a byte or two and nobody's signature."""

_EXPORTER_LABEL = b"EXTRACTOR-dtls_srtp"
_READ_BYTES = 65536


class DtlsRole(Enum):
    """Who begins: the client (`a=setup:active`)."""

    SERVER = "passive"
    CLIENT = "active"


class DtlsState(Enum):
    """An association is NEW until `start`, then goes on in this order and never back."""

    NEW = "new"
    HANDSHAKING = "handshaking"
    CONNECTED = "connected"
    CLOSED = "closed"


class DtlsAssociation:
    """After each call, `take_outgoing` has what to send; `keys` are there once CONNECTED, `close_reason` once CLOSED.

    The peer proves to be who signalled `remote_fingerprints` before CONNECTED is reached.
    """

    def __init__(
        self,
        certificate: Certificate,
        remote_fingerprints: tuple[Fingerprint, ...],
        drops: Drops,
        role: DtlsRole = DtlsRole.SERVER,
        profiles: tuple[SrtpProfile, ...] = PREFERRED_PROFILES,
    ) -> None:
        self.state = DtlsState.NEW
        self.keys: SrtpKeys | None = None
        self.close_reason: CloseReason | None = None
        self._remote_fingerprints = remote_fingerprints
        self._drops = drops
        self._profiles = profiles
        self._flight = Flight()
        self._outgoing: list[bytes] = []
        self._give_up_at: float | None = None
        self._connection = SSL.Connection(certificate.context(profiles))
        self._connection.set_ciphertext_mtu(MTU)
        self._gate = DtlsGate(drops) if role is DtlsRole.SERVER else None
        self._limit = RateLimit(DATAGRAMS_PER_S, DATAGRAMS_PER_S)
        self._repeat_limit = RateLimit(REPEATS_PER_S, REPEATS_PER_S)
        if self._gate is not None:
            self._connection.set_accept_state()
            self._connection.set_app_data(self._gate.cookie)
        else:
            self._connection.set_connect_state()

    def start(self, now: float) -> None:
        """Begin the handshake. Without effect if it has begun.

        A server asks for the cookie at once: a client that has just learnt that it is heard has sent its first
        ClientHello when this arrives, so the cookie costs no round trip.
        """
        if self.state is DtlsState.NEW:
            self.state = DtlsState.HANDSHAKING
            self._give_up_at = now + HANDSHAKE_LIMIT_S
            if self._gate is not None:
                self._connection.bio_write(FIRST_HELLO)
            self._handshake(now)
            if self._gate is not None:
                self._flight.finish()

    def receive(self, datagram: bytes, now: float) -> None:
        """Take a datagram of the peer. Whatever it contains, nothing is raised."""
        if self.state is DtlsState.CLOSED:
            self._drops[DropReason.DTLS_CLOSED] += 1
            return
        self.start(now)
        records = datagram if self._gate is None else self._sift(self._gate, datagram, now)
        if not records:
            return
        if not self._limit.allows(now):
            self._drops[DropReason.DTLS_TOO_MANY] += 1
            return
        self._connection.bio_write(records)
        if self.state is DtlsState.HANDSHAKING:
            self._handshake(now)
        else:
            self._read()

    def next_deadline(self) -> float | None:
        """When `handle_timer` has something to do; None if never."""
        deadlines = (self._flight.repeat_at, self._give_up_at)
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    def handle_timer(self, now: float) -> None:
        """Repeat what was not answered; give up in the end."""
        if self._give_up_at is not None and now >= self._give_up_at:
            self._close(CloseReason.HANDSHAKE_TIMEOUT)
        self._outgoing += self._flight.repeat_if_due(now)

    def close(self) -> None:
        """Tell the peer that this was all (close_notify), if there is a peer to tell."""
        if self.state is not DtlsState.CLOSED:
            self._close(CloseReason.LOCAL)

    def take_outgoing(self) -> list[bytes]:
        """The datagrams to send now, at most MTU bytes each; they are handed over once."""
        outgoing, self._outgoing = self._outgoing, []
        return outgoing

    def _sift(self, gate: DtlsGate, datagram: bytes, now: float) -> bytes:
        records, is_asking = gate.sift(datagram)
        if is_asking and self._repeat_limit.allows(now):
            self._outgoing += self._flight.repeat()
        return records

    def _handshake(self, now: float) -> None:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            is_done = False
        except SSL.Error:
            self._close(CloseReason.HANDSHAKE_FAILED)
            return
        else:
            is_done = True
        output = self._read_output()
        if output:
            self._outgoing += self._flight.begin(output, now)
        if is_done:
            self._complete()

    def _complete(self) -> None:
        self._flight.finish()
        self._give_up_at = None
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        if certificate is None or not is_identified_by(certificate, self._remote_fingerprints):
            self._close(CloseReason.FINGERPRINT_MISMATCH)
            return
        selected = self._connection.get_selected_srtp_profile()
        profile = next((profile for profile in self._profiles if profile.openssl_profile == selected), None)
        if profile is None:
            self._close(CloseReason.HANDSHAKE_FAILED)
            return
        keying = self._connection.export_keying_material(_EXPORTER_LABEL, profile.keying_bytes)
        self.keys = SrtpKeys.derive(profile, keying, is_server=self._gate is not None)
        self.state = DtlsState.CONNECTED
        if self._gate is not None:
            self._gate.is_done = True

    def _read(self) -> None:
        """Read what follows the handshake: the peer's end, or what OpenSSL does not believe and passes over."""
        try:
            while True:
                self._connection.recv(_READ_BYTES)
                self._drops[DropReason.DTLS_APPLICATION_DATA] += 1
        except SSL.WantReadError:
            pass
        except SSL.Error:
            self._close(CloseReason.DTLS_CLOSED)
            return
        self._outgoing += self._flight.pack(self._read_output())

    def _close(self, reason: CloseReason) -> None:
        self.state = DtlsState.CLOSED
        self.close_reason = reason
        self._give_up_at = None
        self._flight.finish()
        with contextlib.suppress(SSL.Error):  # there may be no peer yet to say it to
            self._connection.shutdown()
        self._outgoing += self._flight.pack(self._read_output())

    def _read_output(self) -> bytes:
        try:
            return self._connection.bio_read(_READ_BYTES)
        except SSL.WantReadError:
            return b""
