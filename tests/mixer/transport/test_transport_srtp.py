"""Bad SRTP: counted under its reason, nothing kept of it, and the call goes on."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylibsrtp import Error

from mixer.base.drops import DropReason, Drops
from mixer.transport.srtp import MAX_SSRCS, PREFERRED_PROFILES, SrtpKeys, SrtpProfile, SrtpSession

SSRC = 1234


def rtp(seq: int, ssrc: int = SSRC, size: int = 100) -> bytes:
    return b"\x80\x60" + (seq & 0xFFFF).to_bytes(2, "big") + bytes(4) + ssrc.to_bytes(4, "big") + bytes(size - 12)


def receiver_report(ssrc: int) -> bytes:
    return b"\x80\xc9\x00\x01" + ssrc.to_bytes(4, "big")


class Pair:
    """A peer that sends and the server that receives."""

    def __init__(self, profile: SrtpProfile = PREFERRED_PROFILES[0]) -> None:
        keying = os.urandom(profile.keying_bytes)
        self.drops = Drops()
        self.peer = SrtpSession(SrtpKeys.derive(profile, keying, is_server=False), Drops())
        self.server = SrtpSession(SrtpKeys.derive(profile, keying, is_server=True), self.drops)

    def sealed(self, packet: bytes) -> bytes:
        data = self.peer.protect_rtp(packet)
        assert data is not None
        return data

    def sealed_report(self, ssrc: int) -> bytes:
        data = self.peer.protect_rtcp(receiver_report(ssrc))
        assert data is not None
        return data

    def hears(self, packet: bytes) -> bool:
        """Whether the peer's next packet arrives as it was."""
        return self.server.unprotect_rtp(self.sealed(packet)) == packet

    def has_state_for(self, ssrc: int) -> bool:
        """Whether libsrtp keeps a stream: only then can it be removed."""
        try:
            self.server._inbound_session.remove_stream(ssrc)
        except Error:
            return False
        return True


@pytest.fixture(params=PREFERRED_PROFILES, ids=lambda profile: profile.name)
def pair(request: pytest.FixtureRequest) -> Pair:
    return Pair(request.param)


def test_what_is_forged_replayed_or_cut_off_is_counted_and_the_call_goes_on(pair: Pair) -> None:
    assert pair.hears(rtp(1))
    sealed = pair.sealed(rtp(2))
    for bad in (rtp(2), sealed[:-1], sealed[:12], sealed[:-1] + bytes((sealed[-1] ^ 1,)), sealed + b"\0"):
        assert pair.server.unprotect_rtp(bad) is None
    assert pair.drops.total() == 5
    assert pair.drops.keys() <= {DropReason.SRTP_WRONG_AUTHENTICATION, DropReason.SRTP_MALFORMED}
    assert pair.server.unprotect_rtp(sealed) == rtp(2), "none of them used up the number of the true one"
    assert pair.server.unprotect_rtp(sealed) is None
    assert pair.drops[DropReason.SRTP_REPLAYED] == 1
    assert pair.hears(rtp(3))


def test_a_wrong_roll_over_count_is_a_wrong_authentication(pair: Pair) -> None:
    assert pair.hears(rtp(1))
    for seq in (0x8000, 0xFFFF, 0x10010):
        sealed = pair.sealed(rtp(seq))
    assert pair.server.unprotect_rtp(sealed) is None, "a second turn of numbers, the first of which was not seen"
    assert pair.drops == {DropReason.SRTP_WRONG_AUTHENTICATION: 1}
    assert pair.server.unprotect_rtp(pair.sealed(rtp(2, SSRC + 1))) == rtp(2, SSRC + 1)


def test_packets_nobody_has_signed_leave_no_state(pair: Pair) -> None:
    for ssrc in range(1, 2000):
        assert pair.server.unprotect_rtp(rtp(1, ssrc)) is None
        assert pair.server.unprotect_rtcp(receiver_report(ssrc) + bytes(20)) is None
    assert pair.drops.keys() <= {DropReason.SRTP_WRONG_AUTHENTICATION, DropReason.SRTP_MALFORMED}
    assert not any(pair.has_state_for(ssrc) for ssrc in range(1, 2000))
    assert pair.hears(rtp(1))
    assert pair.has_state_for(SSRC)


def test_streams_are_capped_however_they_are_opened(pair: Pair) -> None:
    half = MAX_SSRCS // 2
    for ssrc in range(1, half + 1):
        assert pair.server.unprotect_rtp(pair.sealed(rtp(1, ssrc))) is not None
    for ssrc in range(half + 1, MAX_SSRCS + 1):
        assert pair.server.unprotect_rtcp(pair.sealed_report(ssrc)) is not None
    for ssrc in range(MAX_SSRCS + 1, MAX_SSRCS + 101):
        assert pair.server.unprotect_rtp(pair.sealed(rtp(1, ssrc))) is None
        assert pair.server.unprotect_rtcp(pair.sealed_report(ssrc)) is None
        assert not pair.has_state_for(ssrc)
    assert pair.drops == {DropReason.SRTP_TOO_MANY_SSRCS: 200}
    assert pair.server.unprotect_rtcp(pair.sealed_report(1)) is not None
    assert pair.server.unprotect_rtp(pair.sealed(rtp(2, MAX_SSRCS))) is not None


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_nothing_random_is_believed_or_raises(datagrams: list[bytes]) -> None:
    pair = Pair()
    for datagram in datagrams:
        assert pair.server.unprotect_rtp(datagram) is None
        assert pair.server.unprotect_rtcp(datagram) is None
    assert pair.drops.total() == 2 * len(datagrams)
    assert pair.hears(rtp(1))
