"""A memory of records by meeting that knows which of them storage has still to learn.

It is authoritative while the server runs and does not know what its records mean; `write_behind` carries the changes to
the database.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Record(Protocol):
    """A frozen value that belongs to a meeting."""

    @property
    def id(self) -> str:
        """Unlike that of any other record."""
        ...

    @property
    def meeting_id(self) -> str:
        """Whose it is."""
        ...


RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True, slots=True)
class LedgerChanges(Generic[RecordT]):
    """What storage must learn: of these ids it is to hold these records and nothing else; `is_all`: of all ids."""

    is_all: bool
    ids: frozenset[str]
    records: tuple[RecordT, ...]


class Ledger(Generic[RecordT]):
    """Records in the order in which they came. `on_change` is called after each change."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._records: dict[str, dict[str, RecordT]] = {}
        self._changed: dict[str, str] = {}
        self._is_all_changed = False

    @property
    def meeting_ids(self) -> tuple[str, ...]:
        """The meetings that have records."""
        return tuple(self._records)

    def find(self, meeting_id: str, record_id: str) -> RecordT | None:
        """The record, if there is one."""
        return self._records.get(meeting_id, {}).get(record_id)

    def of(self, meeting_id: str) -> tuple[RecordT, ...]:
        """All of a meeting, oldest first."""
        return tuple(self._records.get(meeting_id, {}).values())

    def put(self, record: RecordT) -> None:
        """Keep a record, in place of the one with its id."""
        self._records.setdefault(record.meeting_id, {})[record.id] = record
        self._note(record.meeting_id, record.id)

    def drop(self, record: RecordT) -> None:
        """Forget a record; without effect if it is forgotten."""
        records = self._records.get(record.meeting_id, {})
        if records.pop(record.id, None) is not None:
            if not records:
                del self._records[record.meeting_id]
            self._note(record.meeting_id, record.id)

    def recall(self, records: Iterable[RecordT]) -> None:
        """At the start: what storage holds, oldest first."""
        for record in records:
            self._records.setdefault(record.meeting_id, {})[record.id] = record

    def take_changes(self) -> LedgerChanges[RecordT] | None:
        """What has changed since it was asked last; None for nothing."""
        if not (self._is_all_changed or self._changed):
            return None
        changes = self._everything() if self._is_all_changed else self._changes()
        self._changed.clear()
        self._is_all_changed = False
        return changes

    def changes_failed(self) -> None:
        """What was taken last did not reach storage, so everything is due: what is due stays small in memory."""
        self._is_all_changed = True
        self._changed.clear()
        self.on_change()

    def _everything(self) -> LedgerChanges[RecordT]:
        records = tuple(record for records in self._records.values() for record in records.values())
        return LedgerChanges(True, frozenset(), records)

    def _changes(self) -> LedgerChanges[RecordT]:
        records = (self.find(meeting_id, record_id) for record_id, meeting_id in self._changed.items())
        return LedgerChanges(False, frozenset(self._changed), tuple(each for each in records if each is not None))

    def _note(self, meeting_id: str, record_id: str) -> None:
        if not self._is_all_changed:
            self._changed[record_id] = meeting_id
        self.on_change()
