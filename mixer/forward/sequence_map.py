"""Sequence numbers of a source to those of a viewer, without a hole where a packet was left out on purpose.

It knows nothing of packets, and takes extended numbers only.
"""

from collections import deque

MAX_RANGES = 32
"""Older ranges kept for stragglers."""


class SequenceMap:
    """Anchor it before use; each `skip` closes the gap that a left-out packet would leave."""

    __slots__ = ("_offset", "_older", "_since", "first")

    def __init__(self) -> None:
        self.first = 0
        self._since = 0
        self._offset = 0
        self._older: deque[tuple[int, int]] = deque(maxlen=MAX_RANGES)

    def anchor(self, source: int, target: int) -> None:
        """From `source` on, which becomes `target`, numbers go on together; what was before is no more mapped."""
        self.first = self._since = source
        self._offset = target - source
        self._older.clear()

    def skip(self, source: int) -> None:
        """Leave out `source`, which is the newest number: its successor takes its place."""
        if source > self._since:
            self._older.append((self._since, self._offset))
        self._since = source + 1
        self._offset -= 1

    def map(self, source: int) -> int | None:
        """The viewer's number, or None for one so old that its range is forgotten."""
        if source >= self._since:
            return source + self._offset
        for since, offset in reversed(self._older):
            if source >= since:
                return source + offset
        return None
