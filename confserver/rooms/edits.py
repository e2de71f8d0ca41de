"""What hosts change of a stored meeting while it runs: done in the room at once, written to the meeting behind it.

It neither decides what may be changed nor tells the room; `write_behind` says when to write, and tries again.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from confserver.errors import NotFound, ValidateFailed
from confserver.meetings.fields import Control, Layout
from confserver.meetings.meeting import Meeting
from signaling.commands import MuteOnEntry, SetControl, SetLayout

Fields = Mapping[str, Any]
Edits = Mapping[str, Fields]
"""By meeting, the fields that are others now."""

log = structlog.get_logger()


def fields_of(command: SetLayout | SetControl | MuteOnEntry) -> Fields:
    """The field of a meeting that a command sets, with its value."""
    match command:
        case SetLayout():
            return {"layout": Layout(command.layout)}
        case SetControl():
            return {"control": Control(command.control)}
        case MuteOnEntry():
            return {"mute_on_entry": command.is_on}


class MeetingEdits:
    """The last word on each field, for as long as it is not stored: memory and rows of a `WriteBehind`.

    `update(meeting_id, fields)` stores them; it raises NotFound if there is no such meeting any more.
    """

    def __init__(self, update: Callable[[str, Fields], Awaitable[object]]) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._update = update
        self._due: dict[str, Fields] = {}
        self._under_way: dict[str, Fields] = {}

    def note(self, meeting_id: str, fields: Fields) -> None:
        """These fields of a meeting are others from now on."""
        self._due[meeting_id] = {**self._due.get(meeting_id, {}), **fields}
        self.on_change()

    def over(self, meeting: Meeting) -> Meeting:
        """A stored meeting as it will be when all is written."""
        edits = {**self._under_way.get(meeting.id, {}), **self._due.get(meeting.id, {})}
        return meeting.model_copy(update=edits) if edits else meeting

    def take_changes(self) -> Edits | None:
        """What is due; None for nothing."""
        self._under_way, self._due = self._due, {}
        return self._under_way or None

    def changes_failed(self) -> None:
        """What was taken last and is not written is due again, but for what was set meanwhile."""
        for meeting_id, fields in self._under_way.items():
            self._due[meeting_id] = {**fields, **self._due.get(meeting_id, {})}
        self._under_way = {}
        self.on_change()

    async def write(self, changes: Edits) -> None:
        """All of them, one meeting after the other. Raises Unavailable, Conflict."""
        for meeting_id, fields in tuple(changes.items()):
            try:
                await self._update(meeting_id, fields)
            except NotFound:
                pass  # deleted meanwhile
            except ValidateFailed as error:
                log.warning("a meeting does not take what a host has set", fields=tuple(fields), why=error.message)
            self._under_way.pop(meeting_id, None)
