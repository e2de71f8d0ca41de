"""The first two bytes tell protocols apart as RFC 7983 and RFC 5761 divide them."""

import pytest

from mixer.wire.demux import MIN_DATAGRAM_BYTES, Protocol, classify, is_rtcp

DIVISION = {
    Protocol.STUN: [(0, 3)],
    Protocol.DTLS: [(20, 63)],
    Protocol.RTP: [(128, 191)],
    Protocol.UNKNOWN: [(4, 19), (64, 127), (192, 255)],
}


@pytest.mark.parametrize("protocol", Protocol)
def test_first_bytes(protocol: Protocol) -> None:
    for first, last in DIVISION[protocol]:
        for byte in range(first, last + 1):
            assert classify(bytes([byte]).ljust(MIN_DATAGRAM_BYTES)) is protocol


@pytest.mark.parametrize("size", range(MIN_DATAGRAM_BYTES))
def test_what_is_too_short_is_nothing(size: int) -> None:
    assert classify(bytes(size)) is Protocol.UNKNOWN


@pytest.mark.parametrize(("second", "expected"), [(200, True), (192, True), (111, False), (0x80 | 63, False)])
def test_rtcp_packet_types_are_no_payload_types(second: int, expected: bool) -> None:
    assert is_rtcp(bytes([0x80, second])) is expected


def test_every_payload_type_in_use_is_rtp_with_and_without_marker() -> None:
    for payload_type in (*range(64), *range(96, 128)):
        assert not is_rtcp(bytes([0x80, payload_type]))
        assert not is_rtcp(bytes([0x80, 0x80 | payload_type]))
