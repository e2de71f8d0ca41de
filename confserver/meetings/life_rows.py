"""Lives of meetings in the database: read with their meetings, written behind, and found again when something is due.

It decides nothing about them (`life`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from confserver.meetings.fields import time_at
from confserver.meetings.life import Life
from confserver.meetings.lifecycle import MeetingState
from confserver.meetings.schedule import Occurrence
from confserver.store.models import LifecycleRow, MeetingRow
from confserver.store.store import Store

MOST_AT_ONCE = 1_000

LIFE_COLUMNS = (
    LifecycleRow.state,
    LifecycleRow.reason,
    LifecycleRow.schedule_mark,
    LifecycleRow.occurrence_start_at,
    LifecycleRow.occurrence_end_at,
    LifecycleRow.started_at,
    LifecycleRow.is_begun,
    LifecycleRow.is_started,
    LifecycleRow.left_at,
)


@dataclass(frozen=True, slots=True)
class StoredLife:
    """A life, and the Unix time at which something is due in it; None for never."""

    life: Life
    look_at: float | None


class LifeRows:
    """Both calls raise Unavailable when the database cannot be used now."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def due_before(self, at: float) -> tuple[str, ...]:
        """The meetings in whose lives something is due before this Unix time, soonest first; at most `MOST_AT_ONCE`."""
        due = select(LifecycleRow.meeting_id).where(LifecycleRow.look_at <= time_at(at))
        soonest = due.order_by(LifecycleRow.look_at).limit(MOST_AT_ONCE)
        return tuple(await self._store.read(lambda reading: reading.scalars(soonest).all()))

    async def running(self) -> tuple[str, ...]:
        """The meetings that ran when the server stopped."""
        running = select(LifecycleRow.meeting_id).where(LifecycleRow.state == MeetingState.RUNNING)
        return tuple(await self._store.read(lambda reading: reading.scalars(running).all()))

    async def write(self, lives: Mapping[str, StoredLife]) -> None:
        """All of these, by meeting, or none. What belongs to a meeting that was deleted meanwhile is left out."""
        async with self._store.transaction() as transaction:
            known = await transaction.scalars(select(MeetingRow.id).where(MeetingRow.id.in_(lives)))
            rows = [life_values(meeting_id, lives[meeting_id]) for meeting_id in known]
            await transaction.execute(delete(LifecycleRow).where(LifecycleRow.meeting_id.in_(lives)))
            if rows:
                await transaction.execute(insert(LifecycleRow), rows)


async def look_soon(transaction: AsyncSession, meeting_id: str) -> None:
    """Make the running server look at a meeting whose definition has changed, whoever changed it."""
    now = datetime.now(UTC)
    looked = update(LifecycleRow).where(LifecycleRow.meeting_id == meeting_id).values(look_at=now)
    if (await transaction.scalar(looked.returning(LifecycleRow.meeting_id))) is None:
        fresh = StoredLife(Life(), now.timestamp())
        await transaction.execute(insert(LifecycleRow), [life_values(meeting_id, fresh)])


def read_life(row: Row[*tuple[Any, ...]]) -> Life:
    """The life in a row with `LIFE_COLUMNS`."""
    start, end = _seconds(row.occurrence_start_at), _seconds(row.occurrence_end_at)
    return Life(
        state=MeetingState(row.state),
        occurrence=None if start is None and end is None else Occurrence(start, end),
        schedule_mark=row.schedule_mark,
        started_at=_seconds(row.started_at),
        is_begun=row.is_begun,
        is_started=row.is_started,
        left_at=_seconds(row.left_at),
        reason=row.reason,
    )


def life_values(meeting_id: str, stored: StoredLife) -> dict[str, Any]:
    """What is in its row."""
    life, occurrence = stored.life, stored.life.occurrence or Occurrence(None, None)
    return {
        "meeting_id": meeting_id,
        "state": life.state.value,
        "reason": life.reason,
        "schedule_mark": life.schedule_mark,
        "occurrence_start_at": time_at(occurrence.start),
        "occurrence_end_at": time_at(occurrence.end),
        "started_at": time_at(life.started_at),
        "is_begun": life.is_begun,
        "is_started": life.is_started,
        "left_at": time_at(life.left_at),
        "look_at": time_at(stored.look_at),
    }


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None
