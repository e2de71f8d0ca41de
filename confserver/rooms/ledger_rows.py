"""The records of a ledger in the database: read once at the start, written as the ledger changes.

It remembers nothing itself (`ledger`) and does not decide when to write (`confserver.store.write_behind`).
"""

from collections.abc import Callable
from typing import Any, Generic

from sqlalchemy import bindparam, delete, insert, select

from confserver.rooms.ledger import LedgerChanges, RecordT
from confserver.store.models import MeetingRow
from confserver.store.store import Store


class LedgerRows(Generic[RecordT]):
    """`table` is a model with an `id` and a `meeting_id`; `row` gives the columns of a record, `record` takes a row.

    Both calls raise Unavailable when the database cannot be used now.
    """

    def __init__(
        self, store: Store, table: Any, row: Callable[[RecordT], dict[str, Any]], record: Callable[[Any], RecordT]
    ) -> None:
        self._store = store
        self._table = table
        self._row = row
        self._record = record

    async def read(self) -> tuple[RecordT, ...]:
        """Every record."""
        rows = await self._store.read(lambda reading: reading.scalars(select(self._table)).all())
        return tuple(map(self._record, rows))

    async def write(self, changes: LedgerChanges[RecordT]) -> None:
        """All of the changes, or none. What belongs to a meeting that was deleted meanwhile is left out."""
        async with self._store.transaction() as session:
            connection = await session.connection()
            if changes.is_all:
                await connection.execute(delete(self._table))
            elif changes.ids:
                ids = [{"key": record_id} for record_id in changes.ids]
                await connection.execute(delete(self._table).where(self._table.id == bindparam("key")), ids)
            named = {record.meeting_id for record in changes.records}
            known = set(await session.scalars(select(MeetingRow.id).where(MeetingRow.id.in_(named))))
            rows = [self._row(record) for record in changes.records if record.meeting_id in known]
            if rows:
                await connection.execute(insert(self._table), rows)
