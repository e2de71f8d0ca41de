"""The newest events of each tenant, in memory, for all who follow: kept once, not once for each of them.

An event comes here after it was stored, so nobody is told a number that a crash would give to another event. Who has
fallen further behind than this reaches reads on in the database (`follow`).
"""

import asyncio
from collections import deque
from collections.abc import Iterable

from confserver.stream.event import StreamEvent

MOST_KEPT = 1_000
"""Of each tenant."""


class Tail:
    """The events of one tenant that were stored last."""

    def __init__(self, head: int) -> None:
        self._events: deque[StreamEvent] = deque(maxlen=MOST_KEPT)
        self._head = head
        self._has_news = asyncio.Event()

    @property
    def head(self) -> int:
        """The number of the newest event; 0 when there has been none."""
        return self._head

    def append(self, event: StreamEvent) -> None:
        """One more; whoever waits for news wakes up."""
        self._events.append(event)
        self._head = event.number
        self._has_news.set()
        self._has_news = asyncio.Event()

    def after(self, number: int) -> tuple[StreamEvent, ...] | None:
        """The events after this one, oldest first; None if some of them are only in the database."""
        missing = self._head - number
        if missing <= 0:
            return ()
        if missing > len(self._events):
            return None
        return tuple(self._events)[-missing:]

    async def news(self, number: int) -> None:
        """Return when there is an event after this one."""
        while self._head <= number:
            await self._has_news.wait()


class Tails:
    """Every tenant's, from the numbers that their streams had reached at the start."""

    def __init__(self) -> None:
        self._tails: dict[str, Tail] = {}

    def of(self, tenant_id: str) -> Tail:
        """The tenant's; a tenant that nothing has happened to yet has an empty one."""
        return self._tails.setdefault(tenant_id, Tail(0))

    def begin(self, heads: Iterable[tuple[str, int]]) -> None:
        """At the start: what storage has reached."""
        for tenant_id, head in heads:
            self._tails[tenant_id] = Tail(head)

    def extend(self, events: Iterable[StreamEvent]) -> None:
        """These are stored now."""
        for event in events:
            self.of(event.tenant_id).append(event)
