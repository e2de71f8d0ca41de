"""Stored meetings: `/api/user/meetings` and its mirror for administrators.

What a meeting is made of is in `confserver.meetings.definition`.
"""

from pydantic import BaseModel

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
from confserver.listing.page import ListQuery, Page
from confserver.meetings.definition import MeetingChanges, NewMeeting
from confserver.meetings.listing import MEETING_FIELDS, MeetingQuery


async def create(call: Call) -> CreatedMeeting:
    """A new meeting of the caller's."""
    definition: NewMeeting = call.body
    return created_meeting(await call.context.meetings.create(call.session.user, definition), call.context.links)


async def show_list(call: Call) -> MeetingList:
    """A user's own meetings; all of the tenant's for those who may see them."""
    wanted: ListQuery = call.query
    user = call.session.user
    owner_id = None if call.session.sees_all else user.id
    page = Page.of(wanted, MEETING_FIELDS)
    query = MeetingQuery(user.tenant.id, owner_id, page)
    total, items = await call.context.meetings.list_as(query, lambda meeting: meeting_item(meeting, call))
    return MeetingList(count=total if wanted.count else None, items=items)


async def show(call: Call) -> MeetingDetail:
    """One meeting."""
    return meeting_detail(await call.visible_meeting(), call)


async def change(call: Call) -> MeetingDetail:
    """The meeting with some fields changed; who is in its room notices."""
    meeting = await call.hosted_meeting()
    changes: BaseModel = call.body
    wanted = {name: getattr(changes, name) for name in changes.model_fields_set}
    changed = await call.context.meetings.update(meeting.id, wanted)
    await call.context.live.meeting_changed(changed)
    return meeting_detail(changed, call)


async def destroy(call: Call) -> None:
    """Deletes the meeting, then ends its room: nobody can come back in between."""
    meeting = await call.hosted_meeting()
    await call.context.meetings.delete(meeting.id)
    await call.context.live.end(meeting.id, "deleted", call.actor)


def operations(meetings: str) -> tuple[Operation, ...]:
    """The calls on all meetings and on each; `meetings` is the path of the list."""
    meeting = f"{meetings}/{{meeting_id}}"
    return (
        Operation("POST", meetings, "Create a meeting", create, body=NewMeeting, answer=CreatedMeeting, status=201),
        Operation("GET", meetings, "List meetings", show_list, query=ListQuery, answer=MeetingList),
        Operation("GET", meeting, "Show a meeting", show, answer=MeetingDetail),
        Operation("POST", meeting, "Change a meeting", change, body=MeetingChanges, answer=MeetingDetail),
        Operation("POST", f"{meeting}/destroy", "End and delete a meeting", destroy, status=204),
    )
