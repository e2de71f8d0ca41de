"""How those who wait and those who were shown the door look in the database, and back.

It runs no query (`ledger_rows` does).
"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from confserver.rooms.admission import Role
from confserver.rooms.bans import Removal
from confserver.rooms.ledger_rows import LedgerRows
from confserver.rooms.marks import Marks
from confserver.rooms.waiting_entry import WaitingEntry, WaitingState
from confserver.store.models import BanRow, WaitingRow
from confserver.store.store import Store


def waiting_rows(store: Store) -> LedgerRows[WaitingEntry]:
    """Of who waits."""
    return LedgerRows(store, WaitingRow, _waiting_row, _waiting_entry)


def ban_rows(store: Store) -> LedgerRows[Removal]:
    """Of who may not come back."""
    return LedgerRows(store, BanRow, _ban_row, _ban)


def _waiting_row(entry: WaitingEntry) -> dict[str, Any]:
    decided_at = None if entry.decided_at is None else _time(entry.decided_at)
    return {**_flat(entry), "since": _time(entry.since), "decided_at": decided_at}


def _waiting_entry(row: WaitingRow) -> WaitingEntry:
    return WaitingEntry(
        id=row.id,
        meeting_id=row.meeting_id,
        display_name=row.display_name,
        since=row.since.timestamp(),
        guest_id=row.guest_id,
        state=WaitingState(row.state),
        word=row.word,
        is_known=row.is_known,
        was_removed=row.was_removed,
        is_verified=row.is_verified,
        role=Role(row.role),
        marks=_marks(row),
        decided_at=row.decided_at.timestamp() if row.decided_at else None,
        decided_by=row.decided_by,
        decided_by_id=row.decided_by_id,
        tenant_id=row.tenant_id,
    )


def _ban_row(ban: Removal) -> dict[str, Any]:
    return {**_flat(ban), "at": _time(ban.at)}


def _ban(row: BanRow) -> Removal:
    at = row.at.timestamp()
    return Removal(row.id, row.meeting_id, row.seat_id, row.display_name, _marks(row), row.is_lasting, row.by, at)


def _flat(record: WaitingEntry | Removal) -> dict[str, Any]:
    """The fields of a record, its marks among them."""
    fields = asdict(record)
    marks: dict[str, Any] = fields.pop("marks")
    return {**fields, **marks}


def _marks(row: WaitingRow | BanRow) -> Marks:
    return Marks(row.source, row.device, row.user_id, row.token_id)


def _time(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)
