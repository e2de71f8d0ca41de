"""SRTP and SRTCP of one transport, both directions, from the keys of its DTLS handshake.

It routes and parses nothing; what it cannot protect or does not believe is counted and dropped. RFC 3711, RFC 7714;
RFC 5764 section 4.2 for the order of the keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

from mixer.base.drops import DropReason, Drops

REPLAY_WINDOW_PACKETS = 1024
"""Retransmissions arrive late: at 500 packets a second this is two seconds."""
MAX_SSRCS = 256
"""Streams a peer may open, by RTP or by RTCP. It is authenticated, but libsrtp keeps state for each."""
MAX_PACKET_BYTES = 2048
_MAX_TRAILER_BYTES = 4 + 16
"""SRTCP index and the longest tag."""


class SrtpProfile(Enum):
    """A protection profile: its name in OpenSSL, its number in libsrtp, the bytes of its master key and salt."""

    AEAD_AES_128_GCM = (b"SRTP_AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12)
    AES128_CM_SHA1_80 = (b"SRTP_AES128_CM_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14)

    def __init__(self, openssl_profile: bytes, libsrtp_profile: int, key_bytes: int, salt_bytes: int) -> None:
        self.openssl_profile = openssl_profile
        self.libsrtp_profile = libsrtp_profile
        self.key_bytes = key_bytes
        self.salt_bytes = salt_bytes

    @property
    def keying_bytes(self) -> int:
        """How much both ends' keys and salts take."""
        return 2 * (self.key_bytes + self.salt_bytes)


PREFERRED_PROFILES = (SrtpProfile.AEAD_AES_128_GCM, SrtpProfile.AES128_CM_SHA1_80)
"""GCM first: it costs half as much as CM with SHA-1 for a video packet."""


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """Master key with salt, for what we send and for what we receive."""

    profile: SrtpProfile
    local: bytes
    remote: bytes

    @classmethod
    def derive(cls, profile: SrtpProfile, keying: bytes, *, is_server: bool) -> "SrtpKeys":
        """Cut the exported keying material: client key, server key, client salt, server salt."""
        key, salts = profile.key_bytes, 2 * profile.key_bytes
        client = keying[:key] + keying[salts : salts + profile.salt_bytes]
        server = keying[key:salts] + keying[salts + profile.salt_bytes : profile.keying_bytes]
        return cls(profile, server, client) if is_server else cls(profile, client, server)


_DROP_REASONS = {
    7: DropReason.SRTP_WRONG_AUTHENTICATION,
    9: DropReason.SRTP_REPLAYED,
    10: DropReason.SRTP_REPLAYED,
}
"""By libsrtp's error number; the others mean that the packet has no proper form."""


class SrtpSession:
    """Protects and unprotects packets; each method returns the packet, or None when it was counted and dropped.

    libsrtp works in place, so a packet is copied in and out once. pylibsrtp's own methods do the same with an
    allocation for each packet, at more than twice the cost; of pylibsrtp only the sessions and the binding are used.
    """

    __slots__ = (
        "_buffer",
        "_drops",
        "_inbound",
        "_inbound_session",
        "_length",
        "_outbound",
        "_outbound_session",
        "_ssrcs",
        "_storage",
    )

    def __init__(self, keys: SrtpKeys, drops: Drops) -> None:
        self._outbound_session = _session(keys.profile, keys.local, Policy.SSRC_ANY_OUTBOUND)
        self._inbound_session = _session(keys.profile, keys.remote, Policy.SSRC_ANY_INBOUND)
        self._outbound = self._outbound_session._srtp[0]
        self._inbound = self._inbound_session._srtp[0]
        self._storage = ffi.new("char[]", MAX_PACKET_BYTES)
        self._buffer = ffi.buffer(self._storage)
        self._length = ffi.new("int *")
        self._ssrcs: set[bytes] = set()
        self._drops = drops

    def protect_rtp(self, packet: bytes) -> bytes | None:
        """Encrypt and sign an RTP packet."""
        return self._process(lib.srtp_protect, self._outbound, packet)

    def protect_rtcp(self, packet: bytes) -> bytes | None:
        """Encrypt and sign a compound RTCP packet."""
        return self._process(lib.srtp_protect_rtcp, self._outbound, packet)

    def unprotect_rtp(self, packet: bytes) -> bytes | None:
        """Check and decrypt an SRTP packet."""
        ssrc = packet[8:12]
        if ssrc in self._ssrcs:
            return self._process(lib.srtp_unprotect, self._inbound, packet)
        return self._unprotect_first(lib.srtp_unprotect, packet, ssrc)

    def unprotect_rtcp(self, packet: bytes) -> bytes | None:
        """Check and decrypt an SRTCP packet."""
        ssrc = packet[4:8]
        if ssrc in self._ssrcs:
            return self._process(lib.srtp_unprotect_rtcp, self._inbound, packet)
        return self._unprotect_first(lib.srtp_unprotect_rtcp, packet, ssrc)

    def _unprotect_first(self, function: Callable[[Any, Any, Any], int], packet: bytes, ssrc: bytes) -> bytes | None:
        """A stream is known by its first authentic packet."""
        if len(self._ssrcs) >= MAX_SSRCS:
            self._drops[DropReason.SRTP_TOO_MANY_SSRCS] += 1
            return None
        data = self._process(function, self._inbound, packet)
        if data is not None:
            self._ssrcs.add(ssrc)
        return data

    def _process(self, function: Callable[[Any, Any, Any], int], session: Any, packet: bytes) -> bytes | None:
        size = len(packet)
        if size > MAX_PACKET_BYTES - _MAX_TRAILER_BYTES:
            self._drops[DropReason.SRTP_TOO_LONG] += 1
            return None
        buffer, length = self._buffer, self._length
        buffer[0:size] = packet
        length[0] = size
        error = function(session, self._storage, length)
        if error:
            self._drops[_DROP_REASONS.get(error, DropReason.SRTP_MALFORMED)] += 1
            return None
        return buffer[0 : length[0]]  # type: ignore[no-any-return]


def _session(profile: SrtpProfile, key: bytes, direction: int) -> Session:
    policy = Policy(key=key, ssrc_type=direction, srtp_profile=profile.libsrtp_profile)
    policy.window_size = REPLAY_WINDOW_PACKETS
    # A retransmission on the same ssrc is the same packet, encrypted again to the same bytes.
    policy.allow_repeat_tx = True
    return Session(policy)
