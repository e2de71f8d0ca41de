"""Events in the database: written in the order of their numbers, read page by page, forgotten when they are old.

It numbers nothing (`ledger`) and makes no call records (`calls`).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from confserver.store.models import EventRow, StreamRow
from confserver.store.store import Store
from confserver.stream.event import Scope, StreamEvent

MOST_FORGOTTEN = 5_000
"""In one transaction: others who write wait no longer for it than for an ordinary one."""


ADD_EVENT = insert(EventRow)
_HEAD = upsert(StreamRow)
SET_HEAD = _HEAD.on_conflict_do_update(index_elements=["tenant_id"], set_={"head": _HEAD.excluded.head})
"""Built once: to build a statement costs more than to execute it."""


def heads(reading: Session) -> Sequence[tuple[str, int]]:
    """The last number of each tenant's stream."""
    return [(row.tenant_id, row.head) for row in reading.scalars(select(StreamRow))]


async def add_events(transaction: AsyncSession, events: Sequence[StreamEvent]) -> None:
    """Store events and how far their streams have come now."""
    await transaction.execute(ADD_EVENT, [_row(event) for event in events])
    reached = {event.tenant_id: event.number for event in events}
    await transaction.execute(SET_HEAD, [{"tenant_id": tenant, "head": number} for tenant, number in reached.items()])


class EventRows:
    """What was stored. All calls raise Unavailable when the database cannot be used now."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, scope: Scope, after: int, top: int) -> tuple[StreamEvent, ...]:
        """The first `top` events of a scope after a number, oldest first."""
        query = select(EventRow).where(*_conditions(scope), EventRow.number > after).order_by(EventRow.number)
        return tuple(map(_event, await self._store.read(lambda reading: reading.scalars(query.limit(top)).all())))

    async def oldest(self, tenant_id: str) -> int | None:
        """The number of the oldest event that is still stored."""
        query = select(func.min(EventRow.number)).where(EventRow.tenant_id == tenant_id)
        return await self._store.read(lambda reading: reading.scalar(query))

    async def forget(self, before: float, most: int) -> int:
        """Delete some of the events before a Unix time, and of those that a tenant has more than `most` of.

        Gives how many were deleted; call it again until there are none.
        """
        async with self._store.transaction() as transaction:
            reached = await transaction.run_sync(heads)
            forgotten = 0
            for tenant_id, head in reached:
                old = (EventRow.at < before) | (EventRow.number <= head - most)
                numbers = select(EventRow.number).where(EventRow.tenant_id == tenant_id, old)
                last = await transaction.scalar(
                    select(func.max(numbers.order_by(EventRow.number).limit(MOST_FORGOTTEN).subquery().c.number))
                )
                if last is not None:
                    mine = EventRow.tenant_id == tenant_id
                    gone = delete(EventRow).where(mine, EventRow.number <= last, old).returning(EventRow.number)
                    forgotten += len((await transaction.scalars(gone)).all())
        return forgotten


def _conditions(scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [EventRow.tenant_id == scope.tenant_id]
    if scope.meeting_id is not None:
        conditions.append(EventRow.meeting_id == scope.meeting_id)
    if scope.owner_id is not None:
        conditions.append(EventRow.owner_id == scope.owner_id)
    return conditions


def _row(event: StreamEvent) -> dict[str, Any]:
    return {
        "tenant_id": event.tenant_id,
        "number": event.number,
        "kind": event.kind,
        "meeting_id": event.meeting_id,
        "owner_id": event.owner_id,
        "participant_id": event.participant_id,
        "at": event.at,
        "detail": event.detail,
        "data": dict(event.data),
    }


def _event(row: EventRow) -> StreamEvent:
    return StreamEvent(
        row.tenant_id,
        row.number,
        row.kind,
        row.meeting_id,
        row.at,
        row.owner_id,
        row.participant_id,
        row.detail,
        row.data,
    )
