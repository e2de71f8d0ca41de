"""What was done and is not stored yet.

It stores nothing itself: `confserver.store.write_behind` takes from here and gives to `confserver.audit.rows`. Bounded:
while the database is gone for long the oldest entries give way, and the log tells how many.
"""

from collections import deque
from collections.abc import Callable

import structlog

from confserver.audit.entry import AuditEntry

MOST_WAITING = 10_000

log = structlog.get_logger()


class WaitingEntries:
    """The memory of a `WriteBehind`."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._waiting: deque[AuditEntry] = deque(maxlen=MOST_WAITING)
        self._taken: tuple[AuditEntry, ...] = ()
        self._lost = 0

    def note(self, entry: AuditEntry) -> None:
        """Remember it; never waits."""
        self._lost += len(self._waiting) == MOST_WAITING
        self._waiting.append(entry)
        self.on_change()

    def take_changes(self) -> tuple[AuditEntry, ...] | None:
        """Everything that waits, in order."""
        self._taken = tuple(self._waiting)
        self._waiting.clear()
        if self._lost:
            log.warning("entries of the audit log were lost", entries=self._lost)
            self._lost = 0
        return self._taken or None

    def changes_failed(self) -> None:
        """What was taken waits again, as far as there is room."""
        room = MOST_WAITING - len(self._waiting)
        kept = self._taken[len(self._taken) - min(room, len(self._taken)) :]
        self._lost += len(self._taken) - len(kept)
        self._waiting.extendleft(reversed(kept))
