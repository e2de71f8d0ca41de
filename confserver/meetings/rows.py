"""Turns meetings into rows of the database and back; PINs are sealed on the way in and opened on the way out.

It runs no query. The columns bear the names of the fields, so nothing is spelt out twice.
"""

from typing import Any

from sqlalchemy import inspect

from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.life import Life
from confserver.meetings.life_rows import read_life
from confserver.meetings.meeting import Meeting
from confserver.store.models import MeetingRow
from confserver.store.sealing import Seal

PIN_FIELDS = ("room_pin", "admin_pin")
OWN_FIELDS = ("id", "tenant_id", "owner_id", "extension_number", "access_key", "created_at", "revision", "is_personal")
FIELDS = (*MeetingDefinition.model_fields, *OWN_FIELDS)


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


def read_meeting(row: MeetingRow, seal: Seal) -> Meeting:
    """The meeting of a row; raises StoreError if its PINs were sealed with another key."""
    loaded = inspect(row).dict  # the same as its attributes, which take five times as long: a list has many
    values: dict[str, Any] = {name: loaded[name] for name in FIELDS}
    for field in PIN_FIELDS:
        sealed = values[field]
        values[field] = None if sealed is None else seal.open(sealed, _place(row, field))
    return Meeting(
        **values,
        tenant_domain=row.tenant.domain,
        tenant_max_online=row.tenant.max_online,
        ownership=row.owner.name,
        host_name=row.owner.display_name,
        life=read_life(row.lifecycle) if row.lifecycle else Life(),
    )


def _place(row: MeetingRow, field: str) -> str:
    return f"meetings/{row.id}/{field}"
