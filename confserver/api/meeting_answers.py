"""Meetings as the API shows them.

Who may see a PIN is asked here, once; everything else is copied from the meeting.
"""

from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from confserver.api.context import Call
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.fields import Time, time_at
from confserver.meetings.lifecycle import MeetingState
from confserver.meetings.links import Links
from confserver.meetings.meeting import Meeting


class MeetingItem(MeetingDefinition):
    """A meeting in a list. PINs are null for those who may not host it; `starts_at`: its present or next occurrence."""

    id: str
    extension_number: str
    access_key: str
    invite_url: str
    host_url: str
    ownership: str
    created_at: Time
    state: MeetingState
    starts_at: Time | None


class MeetingDetail(MeetingItem):
    """One meeting, with what a web client needs to connect; `token` is the `access_key` of docs/protocol.md."""

    domain: str
    sbc_host: str
    sbc_port: int
    token: str


class MeetingList(BaseModel):
    """A page of meetings; `count` is that of all pages, null if it was not wanted."""

    count: int | None
    items: tuple[MeetingItem, ...]


class CreatedMeeting(BaseModel):
    """A new meeting's own marks."""

    id: str
    extension_number: str
    access_key: str
    invite_url: str
    host_url: str


_BLANK = MeetingItem.model_construct()
"""To copy it takes half as long as to make one."""


def meeting_item(meeting: Meeting, call: Call) -> MeetingItem:
    """The meeting as the caller may see it. Its values were validated when they were read; a list has many."""
    return _BLANK.model_copy(update=_item_values(meeting, call))


def meeting_detail(meeting: Meeting, call: Call) -> MeetingDetail:
    """The same, in full."""
    public = urlsplit(call.context.links.public_url)
    return MeetingDetail(
        **_item_values(meeting, call),
        domain=meeting.tenant_domain,
        sbc_host=public.hostname or "",
        sbc_port=public.port or (443 if public.scheme == "https" else 80),
        token=meeting.access_key,
    )


def created_meeting(meeting: Meeting, links: Links) -> CreatedMeeting:
    """What the answer to creating a meeting tells."""
    return CreatedMeeting(**_marks(meeting, links))


def _item_values(meeting: Meeting, call: Call) -> dict[str, Any]:
    life = call.context.lifetimes.life_of(meeting)
    values = {
        **meeting.definition(),
        **_marks(meeting, call.context.links),
        "ownership": meeting.ownership,
        "created_at": meeting.created_at,
        "state": life.state,
        "starts_at": time_at(life.starts_at),
    }
    return values if call.session.may_host(meeting) else {**values, "room_pin": None, "admin_pin": None}


def _marks(meeting: Meeting, links: Links) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "extension_number": meeting.extension_number,
        "access_key": meeting.access_key,
        "invite_url": links.invite(meeting),
        "host_url": links.host(meeting),
    }
