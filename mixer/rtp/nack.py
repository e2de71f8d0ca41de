"""Which missing packets of one stream to ask for, and when to give up.

It sends nothing and knows no SSRC: extended sequence numbers in, extended sequence numbers out. RFC 4585 section 6.2.1.
"""

REORDER_S = 0.010
"""A packet may be overtaken for this long before it counts as lost."""

MIN_REPEAT_S = 0.020
"""The least time between two requests for the same packet, also where the round trip is shorter."""

MAX_TRIES = 10
MAX_MISSING = 256
"""More than this missing at once is an outage: a key frame mends it sooner than so many resends."""


class _Missing:
    """`asked_at` is when it was noticed until `tries` is more than zero."""

    __slots__ = ("asked_at", "tries")

    def __init__(self, noticed_at: float) -> None:
        self.asked_at = noticed_at
        self.tries = 0


class NackGenerator:
    """Feed every accepted packet, poll every tick.

    `has_given_up` turns true when packets were written off; the owner asks for a key frame and sets it back.
    """

    __slots__ = ("_highest", "_missing", "has_given_up")

    def __init__(self) -> None:
        self.has_given_up = False
        self._highest: int | None = None
        self._missing: dict[int, _Missing] = {}

    def received(self, seq: int, now: float) -> None:
        """Take note of a packet that has come, late ones and resent ones included."""
        highest = self._highest
        if highest is None:
            self._highest = seq
        elif seq > highest:
            if seq > highest + 1:
                self._note_gap(highest + 1, seq, now)
            self._highest = seq
        elif self._missing:
            self._missing.pop(seq, None)

    def poll(self, now: float, rtt: float) -> list[int]:
        """The sequence numbers to ask for now, ascending; `rtt` in seconds paces the repetitions."""
        if not self._missing:
            return []
        repeat_s = max(rtt, MIN_REPEAT_S)
        due = []
        for seq, missing in list(self._missing.items()):
            if now - missing.asked_at < (repeat_s if missing.tries else REORDER_S):
                continue
            if missing.tries == MAX_TRIES:
                del self._missing[seq]
                self.has_given_up = True
                continue
            missing.asked_at = now
            missing.tries += 1
            due.append(seq)
        return due

    def forget(self) -> None:
        """Want nothing of the past any more."""
        self._missing.clear()
        self.has_given_up = False

    def _note_gap(self, first: int, end: int, now: float) -> None:
        if len(self._missing) + end - first > MAX_MISSING:
            self._missing.clear()
            self.has_given_up = True
            return
        for seq in range(first, end):
            self._missing[seq] = _Missing(now)
