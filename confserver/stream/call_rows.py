"""Call records in the database. What they say follows from the stream (`calls`)."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from confserver.store.models import CallRecordRow
from confserver.store.store import Store
from confserver.stream.calls import About, CallKind, CallRecord

EXPORT_PAGE = 500

_RECORD = upsert(CallRecordRow)
PUT_RECORD = _RECORD.on_conflict_do_update(
    index_elements=["tenant_id", "first_event"],
    set_={name: _RECORD.excluded[name] for name in CallRecordRow.__table__.columns.keys()[2:]},
)
"""Built once: to build a statement costs more than to execute it."""


@dataclass(frozen=True, slots=True)
class CallQuery:
    """Which records, newest first. `owner_id` None: of meetings of everybody; times are those of the begin."""

    tenant_id: str
    owner_id: str | None = None
    meeting_id: str | None = None
    kind: CallKind | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str = ""


async def put_records(transaction: AsyncSession, records: Iterable[CallRecord]) -> None:
    """Store records, those that are there already as they are now."""
    newest = {(record.tenant_id, record.first_event): record for record in records}
    if newest:
        await transaction.execute(PUT_RECORD, [_row(record) for record in newest.values()])


def unended(reading: Session) -> tuple[CallRecord, ...]:
    """The records of what was under way."""
    query = select(CallRecordRow).where(CallRecordRow.ended_at.is_(None)).order_by(CallRecordRow.first_event)
    return tuple(map(_record, reading.scalars(query)))


class CallRows:
    """Both calls raise Unavailable when the database cannot be used now."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, query: CallQuery, skip: int, top: int) -> tuple[int, tuple[CallRecord, ...]]:
        """How many records there are in all, and some of them."""
        conditions = _conditions(query)

        def find(reading: Session) -> tuple[int, tuple[CallRecord, ...]]:
            total = reading.scalar(select(func.count()).select_from(CallRecordRow).where(*conditions))
            rows = reading.scalars(_newest_first(conditions).offset(skip).limit(top))
            return total or 0, tuple(map(_record, rows))

        return await self._store.read(find)

    async def all(self, query: CallQuery) -> AsyncGenerator[Sequence[CallRecord], None]:
        """All of them, some at a time, whatever is added meanwhile."""
        conditions = _conditions(query)
        last: tuple[Any, ...] | None = None
        while True:
            page = _newest_first(conditions)
            if last is not None:
                began, number = CallRecordRow.started_at, CallRecordRow.first_event
                page = page.where(or_(began < last[0], (began == last[0]) & (number < last[1])))
            rows = await self._rows(page.limit(EXPORT_PAGE))
            if not rows:
                return
            last = (rows[-1].started_at, rows[-1].first_event)
            yield tuple(map(_record, rows))

    async def _rows(self, wanted: Select[Any]) -> Sequence[CallRecordRow]:
        return await self._store.read(lambda reading: reading.scalars(wanted).all())

    async def forget(self, before: datetime) -> None:
        """Delete what ended before a time."""
        async with self._store.transaction() as transaction:
            await transaction.execute(delete(CallRecordRow).where(CallRecordRow.ended_at < before))


def _newest_first(conditions: list[ColumnElement[bool]]) -> Any:
    order = (CallRecordRow.started_at.desc(), CallRecordRow.first_event.desc())
    return select(CallRecordRow).where(*conditions).order_by(*order)


def _conditions(query: CallQuery) -> list[ColumnElement[bool]]:
    conditions = [CallRecordRow.tenant_id == query.tenant_id]
    if query.owner_id is not None:
        conditions.append(CallRecordRow.owner_id == query.owner_id)
    if query.meeting_id is not None:
        conditions.append(CallRecordRow.meeting_id == query.meeting_id)
    if query.kind is not None:
        conditions.append(CallRecordRow.kind == query.kind.value)
    if query.since is not None:
        conditions.append(CallRecordRow.started_at >= query.since)
    if query.until is not None:
        conditions.append(CallRecordRow.started_at < query.until)
    if query.search:
        columns = (CallRecordRow.subject, CallRecordRow.display_name, CallRecordRow.extension_number)
        conditions.append(or_(*(column.icontains(query.search, autoescape=True) for column in columns)))
    return conditions


def _row(record: CallRecord) -> dict[str, Any]:
    return {
        "tenant_id": record.tenant_id,
        "first_event": record.first_event,
        "kind": record.kind.value,
        "meeting_id": record.meeting_id,
        "owner_id": record.about.owner_id,
        "subject": record.about.subject,
        "extension_number": record.about.extension_number,
        "participant_id": record.participant_id,
        "display_name": record.display_name,
        "role": record.role,
        "via": record.via,
        "started_at": datetime.fromtimestamp(record.started_at, UTC),
        "ended_at": None if record.ended_at is None else datetime.fromtimestamp(record.ended_at, UTC),
        "reason": record.reason,
        "most_participants": record.most_participants,
        "legs": record.legs,
        "last_event": record.last_event,
    }


def _record(row: CallRecordRow) -> CallRecord:
    return CallRecord(
        row.tenant_id,
        row.first_event,
        CallKind(row.kind),
        row.meeting_id,
        About(row.owner_id, row.subject, row.extension_number),
        row.started_at.timestamp(),
        row.ended_at.timestamp() if row.ended_at else None,
        row.reason,
        row.last_event,
        row.participant_id,
        row.display_name,
        row.role,
        row.via,
        row.most_participants,
        row.legs,
    )
