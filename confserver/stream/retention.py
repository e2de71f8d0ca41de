"""Forgets what is too old to be replayed, some at a time, so that nobody waits for it."""

import asyncio
import time
from datetime import UTC, datetime

import structlog

from confserver.errors import Unavailable
from confserver.stream.call_rows import CallRows
from confserver.stream.event_rows import EventRows

INTERVAL_S = 3600.0
PAUSE_S = 0.5
DAY_S = 86_400.0

log = structlog.get_logger()


class Retention:
    """`keep_days` and `keep_most` of events, `keep_records_days` of call records."""

    def __init__(
        self, events: EventRows, records: CallRows, keep_days: int, keep_most: int, keep_records_days: int
    ) -> None:
        self._events = events
        self._records = records
        self._keep_s = keep_days * DAY_S
        self._keep_most = keep_most
        self._keep_records_s = keep_records_days * DAY_S

    async def run(self) -> None:
        """Now and every hour."""
        while True:
            try:
                await self.forget(time.time())
            except Unavailable:
                pass  # the store has written in the log; there is another hour
            except Exception:
                log.exception("old events could not be forgotten")
            await asyncio.sleep(INTERVAL_S)

    async def forget(self, now: float) -> None:
        """What is too old at a Unix time. Raises Unavailable."""
        forgotten = await self._events.forget(now - self._keep_s, self._keep_most)
        while forgotten:
            await asyncio.sleep(PAUSE_S)
            forgotten = await self._events.forget(now - self._keep_s, self._keep_most)
        await self._records.forget(datetime.fromtimestamp(now - self._keep_records_s, UTC))
