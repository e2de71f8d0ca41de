"""Leaving RTCP of one endpoint: whole compounds, feedback at once and reports every second.

It decides no feedback: those who do hand it over. RFC 3550 sections 6.1 and 6.4, RFC 4585 section 3.1.
"""

from collections.abc import Callable, Iterable, Sequence

from mixer.rtp.send_stream import SendStream
from mixer.wire.feedback import TransportFeedback
from mixer.wire.rtcp import Nack, PictureLoss, ReceiverReport, ReportBlock, SourceDescription

REPORT_INTERVAL_S = 1.0
MAX_BLOCKS = 31
MAX_COMPOUND = 1100
"""Bytes, so that a compound with its SRTCP trailer stays below any path's MTU."""

Feedback = Nack | PictureLoss | TransportFeedback


class RtcpOutbox:
    """One for each endpoint. `ssrc` and `cname` are those under which we report; `send` takes a plain compound."""

    def __init__(self, ssrc: int, cname: str, send: Callable[[bytes], None]) -> None:
        self.ssrc = ssrc
        self._name = SourceDescription(ssrc, cname).pack()
        self._head = ReceiverReport(ssrc).pack() + self._name
        self._send = send
        self._report_at = float("-inf")

    def send_feedback(self, packets: Iterable[Feedback]) -> None:
        """Send these now."""
        self._send_compounds(self._head, [packet.pack() for packet in packets])

    def is_report_due(self, now: float) -> bool:
        """Whether it is time for `send_reports`."""
        return now >= self._report_at

    def send_reports(self, blocks: Sequence[ReportBlock], streams: Iterable[SendStream], now: float) -> None:
        """Report on what is received and on what is sent, if there is anything to say."""
        self._report_at = now + REPORT_INTERVAL_S
        told = [
            report.pack() + SourceDescription(stream.ssrc, stream.cname).pack()
            for stream in streams
            if (report := stream.report(now))
        ]
        head = ReceiverReport(self.ssrc, tuple(blocks[:MAX_BLOCKS])).pack() + self._name
        if told:
            self._send_compounds(head, told)
        elif blocks:
            self._send(head)

    def _send_compounds(self, head: bytes, packets: Iterable[bytes]) -> None:
        compound = head
        for packet in packets:
            if len(compound) + len(packet) > MAX_COMPOUND and compound != head:
                self._send(compound)
                compound = self._head
            compound += packet
        if compound != head:
            self._send(compound)
