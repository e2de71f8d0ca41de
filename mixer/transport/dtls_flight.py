"""The records OpenSSL wants sent in a DTLS handshake: packed into datagrams, and repeated until they are answered.

It does not look into records. OpenSSL has a timer of its own for this, but one that reads the wall clock and starts
with a second, a long time before anybody is heard; so its timer is left alone and ours repeats. A repeated record
needs a new sequence number, or the peer takes it for a replay; before encryption begins (epoch 0) the number is
protected by nothing and can be given here. RFC 6347 sections 4.1 and 4.2.4.
"""

from mixer.transport.dtls_record import HEADER, numbered, split

MTU = 1200
"""Payload bytes of a datagram: fits 1280, the least that IPv6 carries, in a tunnel."""
FIRST_TIMEOUT_S = 0.2
MAX_TIMEOUT_S = 2.0


class Flight:
    """The last flight that was sent. `repeat_at` is when it must be repeated; None while nothing is awaited."""

    __slots__ = ("_output", "_sequence", "_timeout_s", "repeat_at")

    def __init__(self) -> None:
        self._output = b""
        self._sequence = 0
        self._timeout_s = FIRST_TIMEOUT_S
        self.repeat_at: float | None = None

    def begin(self, output: bytes, now: float) -> list[bytes]:
        """Replace the flight by a new one, awaiting its answer; returns its datagrams."""
        self._output = output
        self._timeout_s = FIRST_TIMEOUT_S
        self.repeat_at = now + self._timeout_s
        return self.repeat()

    def finish(self) -> None:
        """Nothing more is awaited. The flight is kept: the peer may ask for it by repeating its own."""
        self.repeat_at = None

    def repeat_if_due(self, now: float) -> list[bytes]:
        """The datagrams of the flight once more if its answer has not come in time, else none."""
        if self.repeat_at is None or now < self.repeat_at:
            return []
        self._timeout_s = min(2 * self._timeout_s, MAX_TIMEOUT_S)
        self.repeat_at = now + self._timeout_s
        return self.repeat()

    def repeat(self) -> list[bytes]:
        """The datagrams of the flight."""
        return self.pack(self._output)

    def pack(self, output: bytes) -> list[bytes]:
        """Datagrams of up to MTU bytes with the records of `output`, which is not remembered."""
        datagrams = [b""]
        for record in map(self._numbered, split(output)):
            if len(datagrams[-1]) + len(record) > MTU:
                datagrams.append(b"")
            datagrams[-1] += record
        return [datagram for datagram in datagrams if datagram]

    def _numbered(self, record: bytes) -> bytes:
        if HEADER.unpack_from(record)[2]:
            return record
        sequence, self._sequence = self._sequence, self._sequence + 1
        return numbered(record, sequence)
