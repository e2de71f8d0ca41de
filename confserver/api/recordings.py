"""Recordings of a meeting: `/api/conference_rooms/{id}/recordings`.

There is no recorder yet: the list is empty, and what would change a recording finds none.
"""

from pydantic import BaseModel

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.errors import NotFound
from confserver.listing.page import ListQuery
from confserver.meetings.fields import Time


class RecordingAnswer(BaseModel):
    """One file. `duration` seconds, `file_size` bytes."""

    id: str
    answered_at: Time
    ended_at: Time | None
    duration: int
    file_name: str
    file_size: int
    file_url: str


class RecordingList(BaseModel):
    """A page of recordings; `count` is that of all pages, null if it was not wanted."""

    count: int | None
    items: tuple[RecordingAnswer, ...]


async def show_list(call: Call) -> RecordingList:
    """What was recorded."""
    await call.visible_meeting()
    wanted: ListQuery = call.query
    return RecordingList(count=0 if wanted.count else None, items=())


async def change(call: Call) -> None:
    """Deletes a recording, or marks it."""
    await call.hosted_meeting()
    raise NotFound("There is no such recording.")


def operations(meeting: str) -> tuple[Operation, ...]:
    """The recordings of one meeting; `meeting` is the path that leads to it."""
    recording = f"{meeting}/recordings/{{recording_id}}"
    return (
        Operation("GET", f"{meeting}/recordings", "List recordings", show_list, query=ListQuery, answer=RecordingList),
        Operation("POST", f"{recording}/destroy", "Delete a recording", change, status=204),
        Operation("POST", f"{recording}/set_read", "Mark a recording as read", change, status=204),
        Operation("POST", f"{recording}/set_unread", "Mark a recording as unread", change, status=204),
    )
