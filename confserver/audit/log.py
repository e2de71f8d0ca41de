"""The audit log as the rest of the server sees it: noted at once, stored behind, read back.

What an entry says is `confserver.audit.entry`'s business.
"""

from confserver.audit.entry import AuditEntry
from confserver.audit.rows import AuditRows
from confserver.audit.waiting import WaitingEntries
from confserver.listing.page import Page
from confserver.store.store import Store
from confserver.store.write_behind import WriteBehind


class AuditLog:
    """From `start` to `stop`; entries are kept for `keep_days`."""

    def __init__(self, store: Store, keep_days: int) -> None:
        self._waiting = WaitingEntries()
        self._rows = AuditRows(store, keep_days)
        self._writer = WriteBehind(self._waiting, self._rows, "the audit log")

    def start(self) -> None:
        """Store from now on."""
        self._writer.start()

    async def stop(self) -> None:
        """Store what waits, and end."""
        await self._writer.stop()

    def note(self, entry: AuditEntry) -> None:
        """Remember it; never waits."""
        self._waiting.note(entry)

    async def list(self, tenant_id: str, page: Page) -> tuple[int | None, tuple[AuditEntry, ...]]:
        """A page of a tenant's entries, newest first, with all that was noted until now. Raises Unavailable."""
        await self._writer.flush()
        return await self._rows.list(tenant_id, page)
