"""The numbers that meetings are dialled by: the next one of a counter, or one that somebody chose.

Unique over all tenants, as a telephone knows no tenant. The number of a meeting that was deleted rests for a day, so
that who still dials it does not reach strangers; the counter never gives one out twice.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from confserver.errors import Conflict
from confserver.store.models import CounterRow, MeetingRow, RetiredNumberRow

REST = timedelta(days=1)


async def take_number(transaction: AsyncSession, wanted: str | None) -> str:
    """The number for a new meeting. Raises Conflict if the one that is wanted is in use, or rests."""
    if wanted is not None:
        if not await _is_free(transaction, wanted):
            raise Conflict(f"extension_number {wanted} is in use, or was within the last day.", "extension_number")
        return wanted
    while True:
        count = update(CounterRow).where(CounterRow.name == "extension_number").values(value=CounterRow.value + 1)
        number = str((await transaction.execute(count.returning(CounterRow.value))).scalar_one())
        # Somebody may have chosen it. Each is passed by once for all, so this ends soon.
        if await _is_free(transaction, number):
            return number


async def retire_number(transaction: AsyncSession, number: str) -> None:
    """The number of a meeting that is being deleted begins to rest; those that have rested are forgotten."""
    now = datetime.now(UTC)
    is_over = (RetiredNumberRow.retired_at < now - REST) | (RetiredNumberRow.number == number)
    await transaction.execute(delete(RetiredNumberRow).where(is_over))
    transaction.add(RetiredNumberRow(number=number, retired_at=now))


async def _is_free(transaction: AsyncSession, number: str) -> bool:
    rests = (RetiredNumberRow.number == number) & (RetiredNumberRow.retired_at >= datetime.now(UTC) - REST)
    is_used = exists().where(MeetingRow.extension_number == number) | exists().where(rests)
    return not await transaction.scalar(select(is_used))
