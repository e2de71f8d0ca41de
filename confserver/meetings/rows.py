"""Turns meetings into rows of the database, and what is read of them back; PINs are sealed on the way in and opened on
the way out.

The columns bear the names of the fields, so nothing is spelt out twice. Columns are read, not objects that follow their
rows: a list has many, and takes half the time.
"""

from typing import Any

from sqlalchemy import Row, Select, select

from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.life import Life
from confserver.meetings.life_rows import LIFE_COLUMNS, read_life
from confserver.meetings.meeting import Meeting
from confserver.store.models import LifecycleRow, MeetingRow, TenantRow, UserRow
from confserver.store.sealing import Seal

PIN_FIELDS = ("room_pin", "admin_pin")
OWN_FIELDS = ("id", "tenant_id", "owner_id", "extension_number", "access_key", "created_at", "revision", "is_personal")
FIELDS = (*MeetingDefinition.model_fields, *OWN_FIELDS)

MEETINGS: Select[*tuple[Any, ...]] = (
    select(
        *(getattr(MeetingRow, name) for name in FIELDS),
        TenantRow.domain.label("tenant_domain"),
        TenantRow.max_online.label("tenant_max_online"),
        UserRow.name.label("ownership"),
        UserRow.display_name.label("host_name"),
        *LIFE_COLUMNS,
    )
    .join(TenantRow, TenantRow.id == MeetingRow.tenant_id)
    .join(UserRow, UserRow.id == MeetingRow.owner_id)
    .outerjoin(LifecycleRow, LifecycleRow.meeting_id == MeetingRow.id)
)
"""What `read_meeting` reads, of all meetings."""


def write_definition(row: MeetingRow, definition: MeetingDefinition, seal: Seal) -> None:
    """Puts every field of the definition into the row, which must have its id already."""
    values: dict[str, Any] = definition.definition()
    values["internal_invitees"] = list(definition.internal_invitees)
    values["outbound_caller_ids"] = [caller.model_dump() for caller in definition.outbound_caller_ids]
    for field in PIN_FIELDS:
        pin = values[field]
        values[field] = None if pin is None else seal.close(pin, _place(row, field))
    for name, value in values.items():
        setattr(row, name, value)


def read_meeting(row: Row[*tuple[Any, ...]], seal: Seal) -> Meeting:
    """The meeting in a row of `MEETINGS`; raises StoreError if its PINs were sealed with another key."""
    values: dict[str, Any] = dict(zip(FIELDS, row, strict=False))
    for field in PIN_FIELDS:
        sealed = values[field]
        values[field] = None if sealed is None else seal.open(sealed, _place(row, field))
    return Meeting(
        **values,
        tenant_domain=row.tenant_domain,
        tenant_max_online=row.tenant_max_online,
        ownership=row.ownership,
        host_name=row.host_name,
        life=Life() if row.state is None else read_life(row),
    )


def _place(row: MeetingRow | Row[*tuple[Any, ...]], field: str) -> str:
    return f"meetings/{row.id}/{field}"
