"""Which stream a report or feedback is for, and what is told in turn."""

from collections import Counter

from mixer.base.drops import DropReason, Drops
from mixer.rtp.rtcp_inbox import MAX_NACKED, RtcpInbox
from mixer.rtp.rtcp_outbox import MAX_COMPOUND, RtcpOutbox
from mixer.rtp.send_stream import SendStream
from mixer.wire.rtcp import (
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


class Picture:
    def __init__(self, ssrc: int) -> None:
        self.stream = SendStream(ssrc, 96, 90_000, "us")
        self.asked: list[object] = []

    def nacked(self, seqs: tuple[int, ...], now: float) -> None:
        self.asked.append(seqs)

    def key_frame_wanted(self, now: float) -> None:
        self.asked.append("key frame")


class Receiving:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def sender_reported(self, report: SenderReport, now: float) -> None:
        self.heard.append(report.ssrc)

    def gone(self, ssrc: int) -> None:
        self.heard.append(("gone", ssrc))


def inbox() -> tuple[RtcpInbox, Picture, Receiving, Drops]:
    drops: Drops = Counter()
    receiving = Receiving()
    box = RtcpInbox(receiving, drops)
    picture = Picture(9)
    box.set_senders((SendStream(5, 111, 48_000),), (picture,))
    return box, picture, receiving, drops


def test_each_packet_of_a_compound_finds_its_stream() -> None:
    box, picture, receiving, _ = inbox()
    block = ReportBlock(9, 128, 0, 0, 0, 0, 0)
    compound = [
        SenderReport(1, 1, 1, 1, 1, (block,)), SourceDescription(1, "x"), Nack(1, 9, (3, 4)), PictureLoss(1, 9),
        FullIntraRequest(1, ((9, 1), (8, 1))), Nack(1, 8, (3,)), Bye((1,)),
    ]  # fmt: skip
    box.receive(b"".join(packet.pack() for packet in compound), 1.0)
    assert picture.asked == [(3, 4), "key frame", "key frame"]
    assert receiving.heard == [1, ("gone", 1)]
    assert picture.stream.fraction_lost == 0.5


def test_garbage_and_greed_are_dropped_under_their_names() -> None:
    box, picture, _, drops = inbox()
    box.receive(b"nonsense", 1.0)
    greedy = Nack(1, 9, tuple(range(0, 2 * MAX_NACKED, 2)))
    box.receive(greedy.pack() + Nack(1, 9, (7,)).pack(), 1.0)
    assert drops == {DropReason.RTCP_MALFORMED: 1, DropReason.RTCP_TOO_MANY_NACKS: 1}
    assert len(picture.asked) == 1


def outbox() -> tuple[RtcpOutbox, list[bytes]]:
    sent: list[bytes] = []
    return RtcpOutbox(1, "us", sent.append), sent


def test_feedback_leaves_at_once_in_a_whole_compound() -> None:
    box, sent = outbox()
    box.send_feedback([PictureLoss(1, 2)])
    assert parse_rtcp(sent[0]) == [ReceiverReport(1), SourceDescription(1, "us"), PictureLoss(1, 2)]


def test_reports_tell_of_what_is_received_and_what_is_sent() -> None:
    box, sent = outbox()
    active, silent = SendStream(9, 96, 90_000, "us"), SendStream(10, 96, 90_000, "us")
    active.stamp(b"x", 0, 10.0)
    block = ReportBlock(2, 0, 0, 0, 0, 0, 0)
    assert box.is_report_due(10.0)
    box.send_reports([block], [active, silent], 10.0)
    receiver, name, sender, sender_name = parse_rtcp(sent[0])
    assert receiver == ReceiverReport(1, (block,))
    assert name == SourceDescription(1, "us")
    assert isinstance(sender, SenderReport)
    assert sender.ssrc == 9
    assert sender_name == SourceDescription(9, "us")
    assert not box.is_report_due(10.9)
    assert box.is_report_due(11.0)


def test_nothing_to_say_is_not_said() -> None:
    box, sent = outbox()
    box.send_reports([], [], 1.0)
    box.send_feedback([])
    assert sent == []


def test_many_streams_share_compounds_that_fit_a_datagram() -> None:
    box, sent = outbox()
    streams = [SendStream(100 + i, 96, 90_000, "a-rather-long-canonical-name") for i in range(30)]
    for stream in streams:
        stream.stamp(b"x", 0, 1.0)
    box.send_reports([], streams, 1.0)
    assert all(len(compound) <= MAX_COMPOUND for compound in sent)
    reports = [packet for compound in sent for packet in parse_rtcp(compound) if isinstance(packet, SenderReport)]
    assert len(reports) == 30
