"""The meetings of all tenants: make, find, list, change, delete.

It knows no HTTP and no live room, and does not ask who is calling: what they may do, their session says
(`confserver.auth.identity`).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from confserver.auth.identity import User
from confserver.errors import Conflict, NotFound, ValidateFailed
from confserver.events import RoomEvent, RoomEventKind
from confserver.meetings.definition import MeetingDefinition, NewMeeting
from confserver.meetings.life_rows import look_soon
from confserver.meetings.listing import MeetingQuery, read_page
from confserver.meetings.meeting import Meeting
from confserver.meetings.numbers import retire_number, take_number
from confserver.meetings.personal import check_personal, personal_definition
from confserver.meetings.rows import MEETINGS, read_meeting, write_definition
from confserver.store.ids import new_access_key, new_id
from confserver.store.models import MeetingRow
from confserver.store.store import Store
from confserver.validation import parse_values

T = TypeVar("T")


class Meetings:
    """Stored meetings; their PINs come back readable.

    `on_event` is told of each that is made, changed or deleted here.
    """

    def __init__(self, store: Store) -> None:
        self.on_event: Callable[[RoomEvent], None] = lambda event: None
        self._store = store

    async def create(self, owner: User, definition: MeetingDefinition, *, is_personal: bool = False) -> Meeting:
        """A new meeting with its own id, access key and extension number. Raises Conflict if its number is taken."""
        wanted = definition.extension_number if isinstance(definition, NewMeeting) else None
        async with self._store.transaction() as transaction:
            row = MeetingRow(
                id=new_id(),
                tenant_id=owner.tenant.id,
                owner_id=owner.id,
                extension_number=await take_number(transaction, wanted),
                access_key=new_access_key(),
                created_at=datetime.now(UTC).replace(microsecond=0),
                is_personal=is_personal,
            )
            write_definition(row, definition, self._store.seal)
            transaction.add(row)
            await transaction.flush()
            if _ends_by_itself(definition):
                await look_soon(transaction, row.id)
            made = await self._read(transaction, row.id)
        self._tell(RoomEventKind.MEETING_CREATED, made)
        return made

    async def personal_room(self, owner: User) -> Meeting:
        """The user's own room, made if they have none."""
        is_theirs = (MeetingRow.owner_id == owner.id) & MeetingRow.is_personal
        found = await self._find(is_theirs)
        if found is None:
            try:
                found = await self.create(owner, personal_definition(owner), is_personal=True)
            except IntegrityError:  # asked for twice at once
                found = await self._find(is_theirs)
        assert found is not None, "it was there a moment ago"
        return found

    async def by_id(self, meeting_id: str) -> Meeting | None:
        """The meeting with this id, of whichever tenant."""
        return await self._find(MeetingRow.id == meeting_id)

    async def by_access_key(self, access_key: str) -> Meeting | None:
        """The meeting an invite link leads to."""
        return await self._find(MeetingRow.access_key == access_key)

    async def by_extension(self, extension_number: str) -> Meeting | None:
        """The meeting a telephone dials."""
        return await self._find(MeetingRow.extension_number == extension_number)

    async def list(self, query: MeetingQuery) -> tuple[int, tuple[Meeting, ...]]:
        """How many meetings there are in all, 0 if that is not wanted, and those of the wanted page."""
        return await self.list_as(query, lambda meeting: meeting)

    async def list_as(self, query: MeetingQuery, make: Callable[[Meeting], T]) -> tuple[int, tuple[T, ...]]:
        """The same, each as `make` makes it, while the others are still being counted."""
        return await read_page(self._store, query, make)

    async def update(self, meeting_id: str, changes: Mapping[str, Any]) -> Meeting:
        """The meeting with the changed fields; raises NotFound, Conflict, ValidateFailed."""
        async with self._store.transaction() as transaction:
            current = await self._read(transaction, meeting_id)
            if changes.get("mode", current.mode) != current.mode:
                raise ValidateFailed("mode cannot be changed", "mode")
            if current.is_personal:
                check_personal(changes)
            definition = parse_values(MeetingDefinition, {**current.definition(), **changes})
            row = await transaction.get_one(MeetingRow, meeting_id)
            write_definition(row, definition, self._store.seal)
            if _ends_by_itself(current) or _ends_by_itself(definition):
                await look_soon(transaction, meeting_id)
            try:
                await transaction.flush()
            except StaleDataError:
                raise Conflict("Somebody else changed the meeting at the same moment.") from None
            after = await self._read(transaction, meeting_id)
        different = sorted(name for name in changes if getattr(current, name) != getattr(after, name))
        if different:
            self._tell(RoomEventKind.MEETING_CHANGED, after, {"changed": different})
        return after

    async def delete(self, meeting_id: str, reason: str = "destroy") -> None:
        """Removes the definition, not a live room; raises NotFound, or Conflict for a personal room.

        `reason`: for those who are told.
        """
        async with self._store.transaction() as transaction:
            deleted = await self._read(transaction, meeting_id)
            if deleted.is_personal:
                raise Conflict("This is somebody's personal room: it cannot be deleted, only locked or stopped.")
            await retire_number(transaction, deleted.extension_number)
            await transaction.execute(delete(MeetingRow).where(MeetingRow.id == meeting_id))
        self._tell(RoomEventKind.MEETING_DELETED, deleted, {"reason": reason})

    async def revisions(self, meeting_ids: Collection[str]) -> dict[str, int]:
        """The revision of each of these meetings that still exists: tells what another process changed or deleted."""
        query = select(MeetingRow.id, MeetingRow.revision).where(MeetingRow.id.in_(meeting_ids))
        rows = await self._store.read(lambda reading: reading.execute(query).all())
        return {row.id: row.revision for row in rows}

    async def check_seal(self) -> None:
        """Raises StoreError if the PINs were sealed with another key than that of this data folder."""
        has_pin = or_(MeetingRow.room_pin.is_not(None), MeetingRow.admin_pin.is_not(None))
        row = await self._store.read(lambda reading: reading.execute(MEETINGS.where(has_pin).limit(1)).first())
        if row is not None:
            read_meeting(row, self._store.seal)

    def _tell(self, kind: RoomEventKind, meeting: Meeting, more: Mapping[str, Any] | None = None) -> None:
        data = {"subject": meeting.subject, "extension_number": meeting.extension_number, **(more or {})}
        self.on_event(RoomEvent(kind, meeting.id, tenant_id=meeting.tenant_id, data=data, owner_id=meeting.owner_id))

    async def _find(self, condition: ColumnElement[bool]) -> Meeting | None:
        row = await self._store.read(lambda reading: reading.execute(MEETINGS.where(condition)).first())
        return read_meeting(row, self._store.seal) if row else None

    async def _read(self, transaction: AsyncSession, meeting_id: str) -> Meeting:
        """As this transaction has it. Raises NotFound."""
        row = (await transaction.execute(MEETINGS.where(MeetingRow.id == meeting_id))).first()
        if row is None:
            raise NotFound("There is no such meeting.")
        return read_meeting(row, self._store.seal)


def _ends_by_itself(definition: MeetingDefinition) -> bool:
    """Whether the clock has a say in its life before anybody comes."""
    return any((definition.scheduled_start_at, definition.scheduled_end_at, definition.purge_at))
