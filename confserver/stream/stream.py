"""The stream as the rest of the server sees it: what goes in, what can be read, and its running.

It connects the parts and has no rule of its own.
"""

import asyncio
import time
from collections.abc import Callable

from confserver.config import EventsSettings
from confserver.events import RoomEvents
from confserver.store.store import Store
from confserver.store.write_behind import WriteBehind
from confserver.stream.call_rows import CallRows
from confserver.stream.event import Scope, StreamEvent
from confserver.stream.event_rows import EventRows
from confserver.stream.follow import Follower
from confserver.stream.ledger import Ledger
from confserver.stream.recorder import Recorder
from confserver.stream.retention import Retention
from confserver.stream.tail import Tails


class Stream:
    """From `begin` on everything that `events` publishes is numbered, stored and told. `records`: the call records."""

    def __init__(self, store: Store, events: RoomEvents, settings: EventsSettings) -> None:
        self._rows = EventRows(store)
        self._tails = Tails()
        self._ledger = Ledger(time.time, _call_later, keeps_chat=settings.keeps_chat)
        self._recorder = Recorder(store, self._ledger, self._tails)
        self._writer: WriteBehind[tuple[StreamEvent, ...]] = WriteBehind(self._ledger, self._recorder, "events")
        self.records = CallRows(store)
        self._retention = Retention(
            self._rows, self.records, settings.keep_days, settings.keep_most, settings.keep_records_days
        )
        self._forgetting: asyncio.Task[None] | None = None
        events.emitter.on(RoomEvents.ANY, self._ledger.hear)

    async def begin(self) -> None:
        """Go on where the last run stopped. Raises Unavailable."""
        await self._recorder.begin()
        self._writer.start()
        self._forgetting = asyncio.create_task(self._retention.run())

    async def settle(self, is_live: Callable[[str], bool]) -> None:
        """After a restart has brought its rooms back: end the call records of those that did not come."""
        await self._recorder.settle(is_live)

    async def flush(self) -> None:
        """Store what has happened so far, if it can be stored now."""
        await self._writer.flush()

    async def stop(self) -> None:
        """Store what is due, and end; without effect before `begin`."""
        if self._forgetting is not None:
            self._forgetting.cancel()
            await asyncio.gather(self._forgetting, return_exceptions=True)
            await self._writer.stop()

    async def page(self, scope: Scope, after: int, top: int) -> tuple[StreamEvent, ...]:
        """The first events of a scope after a number. Raises Unavailable."""
        return await self._rows.page(scope, after, top)

    def head(self, tenant_id: str) -> int:
        """The number of the tenant's newest event."""
        return self._tails.of(tenant_id).head

    def follow(self, scope: Scope, after: int | None) -> Follower:
        """From a number on; None: from now on."""
        return Follower(scope, after, self._rows, self._tails)


def _call_later(delay_s: float, act: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(delay_s, act)
