"""One received SSRC: extended sequence numbers, duplicates, loss and jitter, and the report block about it.

It neither stores packets nor asks for missing ones. RFC 3550 section 6.4.1, appendices A.1, A.3 and A.8.
"""

from mixer.base.drops import DropReason, Drops
from mixer.rtp.reports import delay_units, middle_ntp
from mixer.wire.rtcp import ReportBlock, SenderReport
from mixer.wire.rtp import RtpPacket
from mixer.wire.sequence import SequenceExtender

WINDOW = 1024
"""How far behind the highest one a packet may come and still be told from a duplicate."""

MAX_DROPOUT = 3000
"""A step further than this is a restart of the sender, once a second packet confirms it (RFC 3550 A.1)."""


class RecvStream:
    """Bookkeeping of one SSRC; drops are counted under their reasons in `drops`."""

    __slots__ = (
        "_base_seq",
        "_clock_rate",
        "_drops",
        "_expected_before",
        "_jitter",
        "_received",
        "_received_before",
        "_restart_seq",
        "_seen",
        "_seqs",
        "_timestamps",
        "_transit",
        "highest_seq",
        "sender_report",
        "sender_report_at",
        "ssrc",
    )

    def __init__(self, ssrc: int, clock_rate: int, drops: Drops) -> None:
        self.ssrc = ssrc
        self.highest_seq: int | None = None
        self.sender_report: SenderReport | None = None
        self.sender_report_at = 0.0
        self._clock_rate = clock_rate
        self._drops = drops
        self._seqs = SequenceExtender()
        self._timestamps = SequenceExtender(bits=32)
        self._seen: list[int | None] = [None] * WINDOW
        self._restart_seq: int | None = None
        self._base_seq = 0
        self._received = 0
        self._received_before = 0
        self._expected_before = 0
        self._jitter = 0.0
        self._transit: float | None = None

    def receive(self, packet: RtpPacket, now: float) -> int | None:
        """Count a packet in; gives its extended sequence number, or None when it is to be dropped."""
        seq = self._accept(packet.seq, may_restart=True)
        if seq is None:
            return None
        self._received += 1
        transit = now * self._clock_rate - packet.timestamp
        if self._transit is not None and seq == self.highest_seq:
            deviation = abs(transit - self._transit)
            # A wrapped or restarted timestamp is no jitter; 10 s of deviation cannot be one either.
            if deviation < 10 * self._clock_rate:
                self._jitter += (deviation - self._jitter) / 16
        self._transit = transit
        return seq

    def receive_recovered(self, seq: int) -> int | None:
        """Take a retransmitted packet: as `receive`, but it stays lost in reports, and it cannot restart the stream."""
        return self._accept(seq, may_restart=False)

    def extend_timestamp(self, timestamp: int) -> int:
        """The extended form of a packet's timestamp."""
        return self._timestamps.extend(timestamp)

    def sender_reported(self, report: SenderReport, now: float) -> None:
        """Remember the sender's clock."""
        self.sender_report = report
        self.sender_report_at = now

    def report(self, now: float) -> ReportBlock | None:
        """The block for the next receiver report, or None before the first packet; starts a new interval."""
        if self.highest_seq is None:
            return None
        expected = self.highest_seq - self._base_seq + 1
        expected_now = expected - self._expected_before
        lost_now = expected_now - (self._received - self._received_before)
        self._expected_before = expected
        self._received_before = self._received
        sender = self.sender_report
        return ReportBlock(
            ssrc=self.ssrc,
            fraction_lost=min(255, max(0, lost_now * 256 // expected_now)) if expected_now > 0 else 0,
            packets_lost=expected - self._received,
            highest_seq=self.highest_seq,
            jitter=int(self._jitter),
            last_sender_report=middle_ntp(sender.ntp) if sender else 0,
            delay=delay_units(now - self.sender_report_at) if sender else 0,
        )

    def _accept(self, wire_seq: int, *, may_restart: bool) -> int | None:
        """The extended number of a packet that is new, and within reach of the others; None otherwise."""
        highest = self.highest_seq
        if highest is None:
            self.highest_seq = self._base_seq = seq = self._seqs.extend(wire_seq)
        else:
            ahead = (wire_seq - highest + 0x8000 & 0xFFFF) - 0x8000
            if ahead > MAX_DROPOUT or ahead <= -WINDOW:
                return self._out_of_reach(wire_seq, ahead, may_restart)
            seq = self._seqs.extend(wire_seq)
            if ahead > 0:
                self.highest_seq = seq
            elif self._seen[seq % WINDOW] == seq:
                self._drops[DropReason.RTP_DUPLICATE] += 1
                return None
        self._seen[seq % WINDOW] = seq
        return seq

    def _out_of_reach(self, wire_seq: int, ahead: int, may_restart: bool) -> int | None:
        """A restart is believed when the next packet follows on, as after an earlier straggler it does not."""
        if may_restart and wire_seq == self._restart_seq:
            return self._restart(wire_seq)
        if may_restart:
            self._restart_seq = wire_seq + 1 & 0xFFFF
        self._drops[DropReason.RTP_SEQ_JUMP if ahead > 0 else DropReason.RTP_TOO_OLD] += 1
        return None

    def _restart(self, wire_seq: int) -> int:
        seq = self._seqs.restart(wire_seq)
        self._restart_seq = None
        self._seen[seq % WINDOW] = seq
        self.highest_seq = self._base_seq = seq
        self._received = self._received_before = self._expected_before = 0
        self._transit = None
        return seq
