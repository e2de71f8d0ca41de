"""RTCP compounds are read as they were written, here and by another implementation; garbage is passed over."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.wire.errors import WireError
from mixer.wire.rtcp import (
    MAX_PACKETS,
    BitrateEstimate,
    Bye,
    FullIntraRequest,
    Nack,
    PictureLoss,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    SourceDescription,
    parse_rtcp,
)

BLOCK = ReportBlock(7, 128, -3, 70000, 12, 0x11112222, 65536)
PACKETS = [
    SenderReport(1, 2**63 + 5, 3, 4, 5, (BLOCK,)),
    ReceiverReport(1, (BLOCK, BLOCK)),
    SourceDescription(1, "a-name"),
    SourceDescription(1, "four"),
    Bye((1, 2)),
    PictureLoss(1, 2),
    FullIntraRequest(1, ((2, 255),)),
    Nack(1, 2, (65534, 65535, 3, 100)),
    BitrateEstimate(1, 128_000, (2, 3)),
]


def test_a_compound_is_read_as_written() -> None:
    assert parse_rtcp(b"".join(packet.pack() for packet in PACKETS)) == PACKETS


def test_another_implementation_reads_the_same() -> None:
    from aiortc import rtp

    sender, receiver, name, _, bye, pli, _, nack, _ = rtp.RtcpPacket.parse(b"".join(p.pack() for p in PACKETS))
    assert (sender.sender_info.packet_count, sender.reports[0].packets_lost) == (4, -3)
    assert len(receiver.reports) == 2
    assert name.chunks[0].items == [(1, b"a-name")]
    assert bye.sources == [1, 2]
    assert (pli.fmt, pli.media_ssrc) == (rtp.RTCP_PSFB_PLI, 2)
    assert [seq & 0xFFFF for seq in nack.lost] == [65534, 65535, 3, 100]


def test_neighbours_share_one_nack_item() -> None:
    assert len(Nack(1, 2, tuple(range(100, 117))).pack()) == 16
    assert len(Nack(1, 2, tuple(range(100, 118))).pack()) == 20


def test_unknown_and_malformed_packets_are_passed_over() -> None:
    extended_report = struct.pack("!BBHI", 0x80, 207, 1, 1)
    short_sender_report = struct.pack("!BBHI", 0x81, 200, 1, 1)
    pli = PictureLoss(1, 2)
    assert parse_rtcp(extended_report + short_sender_report + pli.pack()) == [pli]


def test_a_cut_off_end_costs_only_the_last_packet() -> None:
    pli = PictureLoss(1, 2)
    assert parse_rtcp(pli.pack() + pli.pack()[:-1]) == [pli]


def test_what_is_not_rtcp_is_refused() -> None:
    for data in (b"", b"\x81\xc8", b"\x00\xc8\x00\x00", b"\x80\xc8\x00\x09"):
        with pytest.raises(WireError):
            parse_rtcp(data)


def test_a_compound_is_read_up_to_a_bound() -> None:
    assert len(parse_rtcp(PictureLoss(1, 2).pack() * 100)) == MAX_PACKETS


@given(st.binary(max_size=120), st.integers(200, 207), st.integers(0, 31))
def test_only_the_wire_error_escapes(data: bytes, kind: int, count: int) -> None:
    body = data[: len(data) // 4 * 4]
    for attempt in (data, struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body):
        try:
            parse_rtcp(attempt)
        except WireError:
            continue


@given(st.lists(st.integers(0, 65535), max_size=100))
def test_nacked_numbers_survive(seqs: list[int]) -> None:
    [nack] = parse_rtcp(Nack(1, 2, tuple(seqs)).pack())
    assert isinstance(nack, Nack)
    assert set(nack.seqs) == set(seqs)
