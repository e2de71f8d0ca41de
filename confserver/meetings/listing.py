"""Reads lists of meetings: which of them, in which order, which page, and how many in all.

Written for many thousands of meetings: a page costs the same wherever it begins, or nearly, and nothing is counted
that the database has counted already. It does not ask who is calling.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from confserver.listing.fields import Fields, ListField
from confserver.listing.page import Page
from confserver.meetings.meeting import Meeting
from confserver.meetings.rows import MEETINGS, read_meeting
from confserver.meetings.search import Whose, count_meetings, count_of, find_numbers, narrowed
from confserver.store.models import MeetingRow, MeetingTextRow, UserRow
from confserver.store.store import Store

OWNER_NAME = select(UserRow.name).where(UserRow.id == MeetingRow.owner_id).scalar_subquery()

MEETING_FIELDS: Fields = {
    "id": ListField(MeetingRow.id, str),
    "extension_number": ListField(MeetingRow.extension_number, str, narrowed("extension_number")),
    "ownership": ListField(OWNER_NAME, str),
    "created_at": ListField(MeetingRow.created_at, datetime),
    "subject": ListField(MeetingRow.subject, str, narrowed("subject")),
    "mode": ListField(MeetingRow.mode, str),
    "control": ListField(MeetingRow.control, str),
    "layout": ListField(MeetingRow.layout, str),
    "language": ListField(MeetingRow.language, str),
    "timezone": ListField(MeetingRow.timezone, str),
    "capacity": ListField(MeetingRow.capacity, int),
    "enable_recording": ListField(MeetingRow.enable_recording, bool),
    "enable_prompt": ListField(MeetingRow.enable_prompt, bool),
    "scheduled_start_at": ListField(MeetingRow.scheduled_start_at, datetime),
    "scheduled_end_at": ListField(MeetingRow.scheduled_end_at, datetime),
    "start_by": ListField(MeetingRow.start_by, str),
    "waiting_room": ListField(MeetingRow.waiting_room, str),
    "purge_at": ListField(MeetingRow.purge_at, datetime),
    "close_on_nobody": ListField(MeetingRow.close_on_nobody, bool),
    "end_with_last_host": ListField(MeetingRow.end_with_last_host, bool),
    "max_duration": ListField(MeetingRow.max_duration, int),
    "mute_on_entry": ListField(MeetingRow.mute_on_entry, bool),
    "known_users_pass": ListField(MeetingRow.known_users_pass, bool),
    "is_personal": ListField(MeetingRow.is_personal, bool),
    "recurrence": ListField(MeetingRow.recurrence, str),
}
"""PINs are not among them: what can be filtered can be guessed."""


@dataclass(frozen=True, slots=True)
class MeetingQuery:
    """Which meetings to list. `owner_id` None: those of everybody in the tenant.

    Without an order of the page's own: in the order in which they were made.
    """

    tenant_id: str
    owner_id: str | None = None
    page: Page = field(default_factory=Page)

    @property
    def scope_id(self) -> str:
        """Whose they are."""
        return self.owner_id or self.tenant_id


BY_NUMBER = MEETINGS.join(MeetingTextRow, MeetingTextRow.meeting_id == MeetingRow.id).order_by(MeetingTextRow.number)
MeetingSelect = Select[*tuple[Any, ...]]
T = TypeVar("T")


async def read_page(store: Store, query: MeetingQuery, make: Callable[[Meeting], T]) -> tuple[int, tuple[T, ...]]:
    """How many meetings there are in all (0 if that is not wanted), and those of the page, as `make` makes them."""
    page = query.page
    whose: Whose = "owner" if query.owner_id else "tenant"
    found = find_numbers(whose, query.scope_id, page.search)
    if page.condition is None and not page.order:
        rows = _as_they_were_made(page, found)
    else:
        found = _found(query, found)
        rows = _as_asked(page, found)
    if not page.is_counted:
        return await _read(store, rows, make)
    if page.condition is None and not page.search:
        return await _read(store, rows, make, count_meetings(query.scope_id))
    # To count takes longer than to read a page: the one goes on beside the other.
    total, (_, made) = await asyncio.gather(
        store.read(lambda reading: reading.scalar(count_of(found)) or 0), _read(store, rows, make)
    )
    return total, made


async def _read(
    store: Store, rows: MeetingSelect, make: Callable[[Meeting], T], total: Select[Any] | None = None
) -> tuple[int, tuple[T, ...]]:
    """The page, and `total` (0 without it), which must cost nothing."""

    def find(reading: Session) -> tuple[int, Sequence[Row[*tuple[Any, ...]]]]:
        count = 0 if total is None else reading.scalar(total) or 0
        # Columns, no objects that the session would have to look after.
        return count, reading.connection().execute(rows).all()

    count, found = await store.read(find)
    return count, tuple(make(read_meeting(row, store.seal)) for row in found)


def _as_they_were_made(page: Page, numbers: Select[Any]) -> MeetingSelect:
    (number,) = numbers.selected_columns
    of_page = numbers.order_by(number).offset(page.skip).limit(page.top)
    return BY_NUMBER.where(MeetingTextRow.number.in_(of_page))


def _found(query: MeetingQuery, numbers: Select[Any]) -> Select[Any]:
    """The ids of what is asked for, in no order."""
    found = select(MeetingRow.id).where(MeetingRow.tenant_id == query.tenant_id)
    if query.owner_id is not None:
        found = found.where(MeetingRow.owner_id == query.owner_id)
    if query.page.condition is not None:
        found = found.where(query.page.condition)
    if query.page.search:
        with_words = select(MeetingTextRow.meeting_id).where(MeetingTextRow.number.in_(numbers))
        found = found.where(MeetingRow.id.in_(with_words))
    return found


def _as_asked(page: Page, found: Select[Any]) -> MeetingSelect:
    """Whole rows are read of the page only, whatever is sorted and skipped before."""
    order = (*page.order, MeetingRow.created_at, MeetingRow.extension_number)
    of_page = found.order_by(*order).offset(page.skip).limit(page.top)
    return MEETINGS.where(MeetingRow.id.in_(of_page)).order_by(*order)
