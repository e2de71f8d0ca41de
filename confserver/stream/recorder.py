"""Writes batches of events, and the call records that follow from them, in one transaction; then tells who follows.

What was told was stored: after a crash no number is given twice to anybody who heard it.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from confserver.store.models import EventRow, MeetingRow
from confserver.store.store import Store
from confserver.stream.call_rows import put_records, unended
from confserver.stream.calls import About, CallRecord, Calls
from confserver.stream.event import StreamEvent
from confserver.stream.event_rows import add_events, heads
from confserver.stream.ledger import Ledger
from confserver.stream.tail import Tails

MOST_KNOWN = 2_000
"""Meetings whose owner and subject are remembered here."""


class Recorder:
    """Implements `store.write_behind.Rows` for what the ledger numbers."""

    def __init__(self, store: Store, ledger: Ledger, tails: Tails) -> None:
        self._store = store
        self._ledger = ledger
        self._tails = tails
        self._calls = Calls()
        self._known: OrderedDict[str, About] = OrderedDict()

    async def begin(self) -> None:
        """Before anything happens: go on where the last run stopped. Raises Unavailable."""
        reached, under_way = await self._store.read(lambda reading: (heads(reading), unended(reading)))
        self._calls.recall(under_way)
        self._ledger.begin(reached)
        self._tails.begin(reached)

    async def settle(self, is_live: Callable[[str], bool]) -> None:
        """After the rooms that were live are live again: end the records of the others. Raises Unavailable."""
        gone = [meeting_id for meeting_id in self._calls.meeting_ids if not is_live(meeting_id)]
        if not gone:
            return
        async with self._store.transaction() as transaction:
            records: list[CallRecord] = []
            for meeting_id in gone:
                last = select(EventRow.at).where(EventRow.meeting_id == meeting_id).order_by(EventRow.number.desc())
                at = await transaction.scalar(last.limit(1))
                records.extend(self._calls.interrupt(meeting_id, at or 0.0))
            await put_records(transaction, records)

    async def write(self, batch: Sequence[StreamEvent]) -> None:
        """All of it, or nothing. Raises Unavailable."""
        meeting_ids = {event.meeting_id for event in batch if event.meeting_id}
        calls = self._calls.fork(meeting_ids)
        for event in batch:
            if event.owner_id:
                subject, number = event.data["subject"], event.data["extension_number"]
                self._known[event.meeting_id] = About(event.owner_id, subject, number)
        async with self._store.transaction() as transaction:
            about = await self._about(transaction, meeting_ids)
            events = [replace(event, owner_id=about.get(event.meeting_id, About()).owner_id) for event in batch]
            await add_events(transaction, events)
            await put_records(transaction, [record for event in events for record in calls.hear(event, about)])
        self._calls = calls
        self._ledger.changes_stored(events)
        self._tails.extend(events)

    async def _about(self, reading: AsyncSession, meeting_ids: Collection[str]) -> Mapping[str, About]:
        unknown = meeting_ids - self._known.keys()
        if unknown:
            columns = (MeetingRow.id, MeetingRow.owner_id, MeetingRow.subject, MeetingRow.extension_number)
            for row in await reading.execute(select(*columns).where(MeetingRow.id.in_(unknown))):
                self._known[row.id] = About(row.owner_id, row.subject, row.extension_number)
        about = {key: self._known[key] for key in meeting_ids & self._known.keys()}
        for key in about:
            self._known.move_to_end(key)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return about
