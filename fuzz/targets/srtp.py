"""SRTP and SRTCP (`mixer.transport.srtp`): what was not protected by the peer is dropped and counted, never raised.

Each step of an input (`fuzz.pieces`) is a packet: as it is, or protected by the peer first, or damaged after that.
"""

from collections.abc import Iterator

from fuzz.pieces import cut, join
from fuzz.targets import rtcp, rtp
from mixer.base.drops import Drops
from mixer.transport.srtp import PREFERRED_PROFILES, SrtpKeys, SrtpSession
from mixer.wire.demux import MIN_DATAGRAM_BYTES, is_rtcp

MAX_BYTES = 8192
PROTECTED, DAMAGED, IS_RTCP = 1, 2, 4
KEYS = [SrtpKeys.derive(profile, bytes(range(profile.keying_bytes)), is_server=True) for profile in PREFERRED_PROFILES]


def target(data: bytes) -> None:
    """Nothing passes that the peer has not protected."""
    keys = KEYS[len(data) % len(KEYS)]
    drops = Drops()
    ours = SrtpSession(keys, drops)
    theirs = SrtpSession(SrtpKeys(keys.profile, keys.remote, keys.local), Drops())
    for how, packet in cut(data):
        _receive(ours, drops, packet if not how & PROTECTED else _protected(theirs, how, packet), how)


def _protected(theirs: SrtpSession, how: int, packet: bytes) -> bytes:
    if len(packet) < MIN_DATAGRAM_BYTES or packet[0] >> 6 != 2:
        return packet
    data = (theirs.protect_rtcp if how & IS_RTCP else theirs.protect_rtp)(packet) or packet
    return data[:-1] + bytes((data[-1] ^ how >> 3,)) if how & DAMAGED else data


def _receive(ours: SrtpSession, drops: Drops, packet: bytes, how: int) -> None:
    """As a transport does, for what the mux lets through."""
    if len(packet) < MIN_DATAGRAM_BYTES:
        return
    before = drops.total()
    plain = ours.unprotect_rtcp(packet) if is_rtcp(packet) else ours.unprotect_rtp(packet)
    if plain is None:
        assert drops.total() == before + 1
    else:
        assert how & PROTECTED, "an unprotected packet was believed"
        assert len(plain) < len(packet)


def seeds() -> Iterator[bytes]:
    """Good packets, the same again, damaged ones, and ones that nobody protected."""
    packets = list(rtp.seeds())
    compounds = list(rtcp.seeds())
    yield join((PROTECTED, packet) for packet in packets)
    yield join((PROTECTED | IS_RTCP, compound) for compound in compounds)
    yield join((PROTECTED, packets[0]) for _ in range(3))
    yield join([(PROTECTED | DAMAGED | 8, packets[0]), (0, packets[1]), (0, compounds[0])])
