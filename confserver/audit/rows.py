"""The audit log in the database.

It outlives users, keys and meetings, and forgets what is older than the operator wants.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from confserver.audit.entry import AuditEntry
from confserver.listing.fields import Fields, ListField
from confserver.listing.page import Page
from confserver.listing.reading import read_rows
from confserver.store.models import AuditRow, TenantRow
from confserver.store.store import Store

AUDIT_FIELDS: Fields = {
    "at": ListField(AuditRow.at, datetime),
    "username": ListField(AuditRow.username, str),
    "key_name": ListField(AuditRow.key_name, str),
    "action": ListField(AuditRow.action, str),
    "meeting_id": ListField(AuditRow.meeting_id, str),
    "target_id": ListField(AuditRow.target_id, str),
    "source": ListField(AuditRow.source, str),
    "status": ListField(AuditRow.status, int),
    "code": ListField(AuditRow.code, str),
}


class AuditRows:
    """Stored entries, of all tenants, for `keep_days`."""

    def __init__(self, store: Store, keep_days: int) -> None:
        self._store = store
        self._keep = timedelta(days=keep_days)

    async def write(self, entries: Sequence[AuditEntry]) -> None:
        """All of them, in place of those that are too old; of a tenant that is gone none. Raises Unavailable."""
        async with self._store.transaction() as transaction:
            await transaction.execute(delete(AuditRow).where(AuditRow.at < datetime.now(UTC) - self._keep))
            there = set(await transaction.scalars(select(TenantRow.id)))
            transaction.add_all(entry.to_row() for entry in entries if entry.tenant_id in there)

    async def list(self, tenant_id: str, page: Page) -> tuple[int | None, tuple[AuditEntry, ...]]:
        """How many entries of a tenant there are, if that is wanted, and those of the page, newest first."""
        conditions = [AuditRow.tenant_id == tenant_id]
        if page.condition is not None:
            conditions.append(page.condition)
        if page.search:
            conditions.append(AuditRow.action.icontains(page.search, autoescape=True))
        wanted = select(AuditRow).where(*conditions).order_by(*page.order, AuditRow.number.desc())
        total, rows = await read_rows(self._store, page, wanted)
        return total, tuple(map(AuditEntry.from_row, rows))
