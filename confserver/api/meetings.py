"""Meetings of the caller: `/api/user/meetings`.

What a meeting is made of is in `confserver.meetings.definition`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from confserver.api.context import Call
from confserver.api.meeting_answers import (
    CreatedMeeting,
    MeetingDetail,
    MeetingList,
    created_meeting,
    meeting_detail,
    meeting_item,
)
from confserver.api.operation import Operation
from confserver.auth.identity import Role
from confserver.meetings.definition import MeetingChanges, NewMeeting
from confserver.meetings.service import MeetingQuery


class ListQuery(BaseModel):
    """Which page of which meetings; `search` looks into subjects and extension numbers."""

    model_config = ConfigDict(extra="forbid")

    search: Annotated[str, Field(max_length=64)] = ""
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    top: Annotated[int, Field(ge=1, le=100)] = 100
    count: bool = True


async def create(call: Call) -> CreatedMeeting:
    """A new meeting of the caller's."""
    definition: NewMeeting = call.body
    return created_meeting(await call.context.meetings.create(call.session.user, definition), call.context.links)


async def show_list(call: Call) -> MeetingList:
    """A user's own meetings; all of the tenant's for those who may see them."""
    wanted: ListQuery = call.query
    user = call.session.user
    owner_id = user.id if user.role is Role.USER else None
    total, meetings = await call.context.meetings.list(
        MeetingQuery(user.tenant.id, owner_id, wanted.search, wanted.skip, wanted.top)
    )
    items = tuple(meeting_item(meeting, call.session, call.context.links) for meeting in meetings)
    return MeetingList(count=total if wanted.count else None, items=items)


async def show(call: Call) -> MeetingDetail:
    """One meeting."""
    return meeting_detail(await call.visible_meeting(), call.session, call.context.links)


async def change(call: Call) -> MeetingDetail:
    """The meeting with some fields changed; who is in its room notices."""
    meeting = await call.hosted_meeting()
    changes: BaseModel = call.body
    wanted = {name: getattr(changes, name) for name in changes.model_fields_set}
    changed = await call.context.meetings.update(meeting.id, wanted)
    await call.context.live.meeting_changed(changed)
    return meeting_detail(changed, call.session, call.context.links)


async def destroy(call: Call) -> None:
    """Deletes the meeting, then ends its room: nobody can come back in between."""
    meeting = await call.hosted_meeting()
    await call.context.meetings.delete(meeting.id)
    await call.context.live.end(meeting.id, "deleted")


MEETINGS = "/user/meetings"
MEETING = MEETINGS + "/{meeting_id}"

OPERATIONS = (
    Operation("POST", MEETINGS, "Create a meeting", create, body=NewMeeting, answer=CreatedMeeting, status=201),
    Operation("GET", MEETINGS, "List meetings", show_list, query=ListQuery, answer=MeetingList),
    Operation("GET", MEETING, "Show a meeting", show, answer=MeetingDetail),
    Operation("POST", MEETING, "Change a meeting", change, body=MeetingChanges, answer=MeetingDetail),
    Operation("POST", MEETING + "/destroy", "End and delete a meeting", destroy, status=204),
)
