"""Reads a stream from a number on, and goes on with what happens: each event once, in order, however slow the reader.

It neither sends nor formats. Nothing is kept for a reader but the number they have reached: the newest events are in
the tail, the others in the database.
"""

from collections.abc import Sequence

from confserver.stream.event import Scope, StreamEvent
from confserver.stream.event_rows import EventRows
from confserver.stream.tail import Tails

PAGE = 200


class Follower:
    """Follows a scope after a number; None: only what is still to happen. `reached`: the number up to which it read."""

    def __init__(self, scope: Scope, after: int | None, rows: EventRows, tails: Tails) -> None:
        self._scope = scope
        self._rows = rows
        self._tail = tails.of(scope.tenant_id)
        self.reached = self._tail.head if after is None else after

    async def next(self) -> Sequence[StreamEvent]:
        """Wait for something to happen: the events of the scope up to `reached`, perhaps none of what did.

        It may be cancelled and called again. Raises Unavailable.
        """
        await self._tail.news(self.reached)
        head, recent = self._tail.head, self._tail.after(self.reached)
        if recent is not None:
            self.reached = head
            return [event for event in recent if self._scope.has(event)]
        page = await self._rows.page(self._scope, self.reached, PAGE)
        # One that is not full holds all of the scope that was stored when it was read, up to the head at least.
        last = page[-1].number if page else 0
        self.reached = last if len(page) == PAGE else max(head, last)
        return page
