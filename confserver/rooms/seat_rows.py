"""Seats and rooms in the database: read once at the start, written as the book changes.

It remembers nothing itself (`seat_book`) and does not decide when to write (`write_behind`).
"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Session

from confserver.rooms.admission import Role
from confserver.rooms.marks import Marks
from confserver.rooms.seat_book import RoomRecord, SeatChanges, SeatRecord
from confserver.store.models import MeetingRow, RoomRow, SeatRow
from confserver.store.store import Store


class SeatRows:
    """Both calls raise Unavailable when the database cannot be used now."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self) -> tuple[tuple[SeatRecord, ...], tuple[RoomRecord, ...]]:
        """Every seat, and every room that a host has ever changed."""

        def find(reading: Session) -> tuple[tuple[SeatRecord, ...], tuple[RoomRecord, ...]]:
            seats, rooms = reading.scalars(select(SeatRow)), reading.scalars(select(RoomRow))
            return tuple(map(_record, seats)), tuple(map(_room_record, rooms))

        return await self._store.read(find)

    async def write(self, changes: SeatChanges) -> None:
        """All of the changes, or none. What belongs to a meeting that was deleted meanwhile is left out."""
        async with self._store.transaction() as session:
            connection = await session.connection()
            await _delete(connection, changes)
            named = {seat.meeting_id for seat in changes.seats} | {room.meeting_id for room in changes.rooms}
            known = set(await session.scalars(select(MeetingRow.id).where(MeetingRow.id.in_(named))))
            seats = [_row(seat) for seat in changes.seats if seat.meeting_id in known]
            rooms = [asdict(room) for room in changes.rooms if room.meeting_id in known]
            if seats:
                await connection.execute(insert(SeatRow), seats)
            if rooms:
                await connection.execute(insert(RoomRow), rooms)


async def _delete(connection: AsyncConnection, changes: SeatChanges) -> None:
    """Everything that is to be written anew, or no more."""
    if changes.is_all:
        await connection.execute(delete(SeatRow))
        await connection.execute(delete(RoomRow))
    if changes.seat_ids:
        ids = [{"key": seat_id} for seat_id in changes.seat_ids]
        await connection.execute(delete(SeatRow).where(SeatRow.id == bindparam("key")), ids)
    if changes.meeting_ids:
        ids = [{"key": meeting_id} for meeting_id in changes.meeting_ids]
        await connection.execute(delete(RoomRow).where(RoomRow.meeting_id == bindparam("key")), ids)


def _row(seat: SeatRecord) -> dict[str, Any]:
    return {
        "id": seat.seat_id,
        "meeting_id": seat.meeting_id,
        "display_name": seat.display_name,
        "role": seat.role.value,
        "joined_order": seat.order,
        "is_self_muted": seat.is_self_muted,
        "is_muted_by_host": seat.is_muted_by_host,
        "is_camera_stopped": seat.is_camera_stopped,
        "has_floor": seat.has_floor,
        "is_verified": seat.is_verified,
        **asdict(seat.marks),
        "position": seat.position,
        "is_present": seat.is_present,
        "is_removed": seat.is_removed,
        "updated_at": datetime.fromtimestamp(seat.updated_at, UTC),
    }


def _record(row: SeatRow) -> SeatRecord:
    return SeatRecord(
        seat_id=row.id,
        meeting_id=row.meeting_id,
        display_name=row.display_name,
        role=Role(row.role),
        order=row.joined_order,
        is_self_muted=row.is_self_muted,
        is_muted_by_host=row.is_muted_by_host,
        is_camera_stopped=row.is_camera_stopped,
        has_floor=row.has_floor,
        is_verified=row.is_verified,
        marks=Marks(row.source, row.device, row.user_id, row.token_id),
        position=row.position,
        is_present=row.is_present,
        is_removed=row.is_removed,
        updated_at=row.updated_at.timestamp(),
    )


def _room_record(row: RoomRow) -> RoomRecord:
    return RoomRecord(
        row.meeting_id, row.is_locked, row.chairman_id, row.is_chair_given, row.spotlight_id, row.is_locked_ahead
    )
