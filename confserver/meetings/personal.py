"""Everybody's own room: made when it is first asked for, with a number and links that stay.

It never ends by itself and is not deleted like other meetings; what else it is, its owner decides.
"""

from collections.abc import Mapping
from typing import Any

from confserver.auth.identity import User
from confserver.errors import ValidateFailed
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.fields import Mode

WOULD_END_IT = ("scheduled_start_at", "scheduled_end_at", "recurrence", "purge_at", "close_on_nobody")


def personal_definition(owner: User) -> MeetingDefinition:
    """What the room is at first."""
    return MeetingDefinition(subject=owner.display_name, mode=Mode.VIDEO, timezone="UTC")


def check_personal(changes: Mapping[str, Any]) -> None:
    """Raises ValidateFailed for what would make a personal room end."""
    for field in WOULD_END_IT:
        if changes.get(field):
            raise ValidateFailed(f"{field} cannot be set: a personal room never ends", field)
