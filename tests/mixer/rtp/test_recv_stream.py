"""Numbers of a received stream: extended over the wrap, each accepted once, restarts believed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.base.drops import DropReason, Drops
from mixer.rtp.recv_stream import WINDOW, RecvStream
from mixer.rtp.reports import middle_ntp, ntp_time, round_trip
from mixer.rtp.send_stream import ACTIVE_S, MID_PACKETS, SendStream
from mixer.wire.hdrext import build_extensions, read_text
from mixer.wire.rtcp import ReportBlock, SenderReport
from mixer.wire.rtp import RtpPacket, build_rtp_header, parse_rtp


def packet(seq: int, timestamp: int = 0) -> RtpPacket:
    return parse_rtp(build_rtp_header(96, seq, timestamp, 7) + b"x")


def stream() -> tuple[RecvStream, Drops]:
    drops: Drops = Counter()
    return RecvStream(7, 90_000, drops), drops


def test_numbers_are_extended_over_the_wrap() -> None:
    received, _ = stream()
    assert [received.receive(packet(seq), 1.0) for seq in (65534, 65535, 0, 1)] == [65534, 65535, 65536, 65537]


def test_duplicates_and_stragglers_are_dropped_under_their_names() -> None:
    received, drops = stream()
    for seq in (5000, 5001, 5001, 5003, 5002, 5002, 5003 - WINDOW):
        received.receive(packet(seq), 1.0)
    assert drops == {DropReason.RTP_DUPLICATE: 2, DropReason.RTP_TOO_OLD: 1}


@given(st.lists(st.integers(-40, 60), max_size=200))
def test_every_number_is_accepted_once(steps: list[int]) -> None:
    received, _ = stream()
    true = 3000
    accepted = []
    for step in [0, *steps]:
        true = max(2000, true + step)
        seq = received.receive(packet(true & 0xFFFF), 1.0)
        if seq is not None:
            accepted.append(seq)
    assert len(set(accepted)) == len(accepted)


def test_a_restarted_sender_is_believed_at_the_second_packet_and_goes_on_above() -> None:
    received, drops = stream()
    received.receive(packet(60_000), 1.0)
    assert received.receive(packet(100), 1.0) is None
    restarted = received.receive(packet(101), 1.0)
    assert restarted is not None
    assert restarted > 60_000
    assert received.receive(packet(102), 1.0) == restarted + 1
    assert drops[DropReason.RTP_SEQ_JUMP] == 1


def test_retransmissions_cannot_restart_a_stream() -> None:
    received, _ = stream()
    received.receive(packet(60_000), 1.0)
    assert [received.receive_recovered(seq) for seq in (100, 101, 102)] == [None, None, None]
    assert received.receive_recovered(59_999) == 59_999


def test_the_report_tells_loss_jitter_and_the_senders_clock() -> None:
    received, _ = stream()
    assert received.report(1.0) is None
    for seq in (10, 11, 13, 14, 15, 17):
        received.receive(packet(seq, seq * 900), 1.0 + seq * 0.01)
    received.sender_reported(SenderReport(7, ntp_time(50.0), 0, 0, 0), 1.5)
    block = received.report(2.0)
    assert block == ReportBlock(7, 2 * 256 // 8, 2, 17, 0, middle_ntp(ntp_time(50.0)), 32768)
    received.receive(packet(18, 18 * 900 + 1600), 1.18)
    again = received.report(3.0)
    assert again is not None
    assert (again.fraction_lost, again.packets_lost, again.jitter) == (0, 2, 100)


def test_a_retransmitted_packet_stays_lost_in_reports() -> None:
    received, _ = stream()
    for seq in (10, 12):
        received.receive(packet(seq), 1.0)
    received.receive_recovered(11)
    block = received.report(2.0)
    assert block is not None
    assert block.packets_lost == 1


def test_round_trip_from_our_own_report_echoed() -> None:
    sent = SendStream(9, 96, 90_000)
    sent.stamp(b"x", 0, 100.0)
    report = sent.report(100.0)
    assert report is not None
    block = ReportBlock(9, 64, 3, 1, 0, middle_ntp(report.ntp), 65536)
    sent.reported(block, 101.25)
    assert sent.rtt == pytest.approx(0.25, abs=0.001)
    assert sent.fraction_lost == 0.25
    assert round_trip(ReportBlock(9, 0, 0, 0, 0, 0, 0), 1.0) is None
    assert round_trip(ReportBlock(9, 0, 0, 0, 0, middle_ntp(report.ntp), 65536), 100.5) is None, "answered before sent"


def test_a_sent_stream_is_continuous_and_reports_where_its_clock_is() -> None:
    sent = SendStream(9, 111, 48_000, "us")
    packets = [parse_rtp(sent.stamp(b"sound", 960 * i, 10.0 + 0.02 * i, marker=i == 0)) for i in range(3)]
    assert [p.marker for p in packets] == [True, False, False]
    assert packets[2].seq - packets[0].seq == 2
    assert packets[2].timestamp - packets[0].timestamp == 1920
    report = sent.report(10.54)
    assert report is not None
    assert report.timestamp - packets[2].timestamp == 24_000
    assert (report.packets, report.octets) == (3, 15)
    assert sent.report(10.04 + ACTIVE_S + 0.1) is None, "what is silent needs no report"


def test_the_mid_rides_on_the_first_packets_only() -> None:
    extension = build_extensions([(3, b"s0")])
    sent = SendStream(9, 111, 48_000, extension=extension)
    mids = [read_text(parse_rtp(sent.stamp(b"x", 960 * i, 1.0)), 3) for i in range(MID_PACKETS + 5)]
    assert mids[: MID_PACKETS + 1] == ["s0"] * (MID_PACKETS + 1)
    assert mids[-1] is None
    understood = SendStream(9, 111, 48_000, extension=extension)
    understood.reported(ReportBlock(9, 0, 0, 0, 0, 0, 0), 1.0)
    assert read_text(parse_rtp(understood.stamp(b"x", 0, 1.0)), 3) is None
