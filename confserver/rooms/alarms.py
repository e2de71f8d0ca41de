"""When to look at what again: a heap of moments, one for each name.

Pure: it reads no clock and arms no timer.
"""

import heapq

SLACK = 64
"""So many entries that no longer count may lie in the heap beside those that do, before it is made anew."""


class Alarms:
    """Times are monotonic seconds."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []

    def set(self, name: str, at: float | None) -> None:
        """The one alarm of this name rings then and not before; None: not at all."""
        if at is None:
            self._at.pop(name, None)
        elif self._at.get(name) != at:
            self._at[name] = at
            heapq.heappush(self._heap, (at, name))
        if len(self._heap) > 2 * len(self._at) + SLACK:
            self._heap = [(at, name) for name, at in self._at.items()]
            heapq.heapify(self._heap)

    @property
    def next_at(self) -> float | None:
        """When the next one rings."""
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def ring(self, now: float) -> tuple[str, ...]:
        """The names of those that have rung by now, earliest first; each rings once."""
        rung = []
        while (next_at := self.next_at) is not None and next_at <= now:
            name = heapq.heappop(self._heap)[1]
            del self._at[name]
            rung.append(name)
        return tuple(rung)
