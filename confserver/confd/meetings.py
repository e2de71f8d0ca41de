"""Meetings in the telephony platform's words: a name, an owner, an extension, an account for guests.

A meeting that is not persistent ends for everybody and is deleted two days after it was made, which is `purge_at` here.
"""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from confserver.confd.edge import Answer, Visit, tenant_uuid
from confserver.confd.uuids import id_of, uuid_of
from confserver.errors import Forbidden, NotFound, ValidateFailed
from confserver.listing.page import Page
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.fields import Mode, Subject, WaitingRoom
from confserver.meetings.listing import MeetingQuery
from confserver.meetings.meeting import Meeting
from confserver.rooms.live import LiveParticipant
from signaling.commands import Remove

LIVES = timedelta(hours=48)
CAPACITY = 100


class MeetingBody(BaseModel):
    """What clients of that platform send; fields that they read only are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: Subject | None = None
    persistent: Annotated[bool, Field(strict=True)] | None = None
    require_authorization: Annotated[bool, Field(strict=True)] | None = None
    owner_uuids: tuple[str, ...] | None = Field(default=None, max_length=16)


async def create(visit: Visit) -> Answer:
    """A new meeting of the caller's."""
    body: MeetingBody = await visit.body(MeetingBody)
    if not visit.user.may_change:
        raise Forbidden("This token may only look at meetings.")
    if body.name is None:
        raise ValidateFailed("is required", "name")
    _check_owners(body, visit.user.user.id)
    definition = MeetingDefinition(
        subject=body.name,
        mode=Mode.VIDEO,
        timezone="UTC",
        capacity=CAPACITY,
        waiting_room=WaitingRoom.GUESTS if body.require_authorization else WaitingRoom.OFF,
    )
    meeting = await visit.window.api.meetings.create(visit.user.user, definition)
    if not body.persistent:
        changes = {"purge_at": meeting.created_at + LIVES}
        meeting = await visit.window.api.meetings.update(meeting.id, changes)
    return 201, await shown(visit, meeting, has_account=True)


async def show(visit: Visit) -> Answer:
    """One of them."""
    return 200, await _shown_to_user(visit, await visit.meeting())


async def list_own(visit: Visit) -> Answer:
    """The caller's."""
    return await _list(visit, visit.user.user.id)


async def list_all(visit: Visit) -> Answer:
    """The tenant's, for those who see all of them; the caller's for others."""
    return await _list(visit, None if visit.user.sees_all else visit.user.user.id)


async def change(visit: Visit) -> Answer:
    """Other values of the fields that are given."""
    meeting = await visit.meeting(is_change=True)
    body: MeetingBody = await visit.body(MeetingBody)
    _check_owners(body, meeting.owner_id)
    changes: dict[str, Any] = {}
    if body.name is not None:
        changes["subject"] = body.name
    if body.persistent is not None:
        changes["purge_at"] = None if body.persistent else meeting.created_at + LIVES
    if body.require_authorization is not None:
        changes["waiting_room"] = WaitingRoom.GUESTS if body.require_authorization else WaitingRoom.OFF
    changed = await visit.window.api.meetings.update(meeting.id, changes)
    await visit.window.api.live.meeting_changed(changed)
    return 204, None


async def destroy(visit: Visit) -> Answer:
    """Everybody is hung up, the account is gone."""
    meeting = await visit.meeting(is_change=True)
    await visit.window.api.meetings.delete(meeting.id)
    await visit.window.api.live.end(meeting.id, "deleted", visit.actor)
    return 204, None


async def show_to_guest(visit: Visit) -> Answer:
    """What whoever knows the UUID may know; the account too, if the door would let them in at once."""
    meeting = await visit.guests_meeting()
    return 200, await shown(visit, meeting, has_account=visit.window.door.is_open_to(meeting, visit.source))


async def show_status(visit: Visit) -> Answer:
    """Whether there is a seat free, before anybody is asked for a microphone."""
    meeting = await visit.guests_meeting()
    return 200, {"full": len(visit.window.api.live.participants(meeting.id)) >= meeting.capacity}


async def list_participants(visit: Visit) -> Answer:
    """Who is in."""
    meeting = await visit.meeting()
    people = visit.window.api.live.participants(meeting.id)
    return 200, {"items": list(map(_participant, people)), "total": len(people)}


async def kick(visit: Visit) -> Answer:
    """Shows somebody the door."""
    meeting = await visit.meeting(is_change=True)
    participant_id = visit.path("participant_id")
    if not any(person.id == participant_id for person in visit.window.api.live.participants(meeting.id)):
        raise NotFound("There is no such participant.")
    visit.window.api.live.obey(meeting, visit.actor, Remove(participant_id=participant_id))
    return 204, None


async def shown(visit: Visit, meeting: Meeting, *, has_account: bool) -> dict[str, Any]:
    """A meeting as clients of that platform read it."""
    return {
        "uuid": uuid_of(meeting.id),
        "name": meeting.subject,
        "exten": meeting.extension_number,
        "owner_uuids": [uuid_of(meeting.owner_id)],
        "ingress_http_uri": await visit.window.ingresses.of(meeting.tenant_id),
        "guest_sip_authorization": await visit.window.accounts.of(meeting) if has_account else None,
        "persistent": meeting.purge_at is None,
        "require_authorization": meeting.waiting_room is not WaitingRoom.OFF,
        "creation_time": meeting.created_at.isoformat(),
        "tenant_uuid": tenant_uuid(meeting),
    }


async def _shown_to_user(visit: Visit, meeting: Meeting) -> dict[str, Any]:
    """The account is a way in, so whoever may only look is not shown it, no more than a PIN."""
    return await shown(visit, meeting, has_account=visit.user.may_host(meeting))


async def _list(visit: Visit, owner_id: str | None) -> Answer:
    query = visit.request.query
    page = Page(
        search=query.get("search", "")[:64],
        skip=_count(query.get("offset"), 0, 1_000_000),
        top=_count(query.get("limit"), 100, 100),
    )
    total, meetings = await visit.window.api.meetings.list(MeetingQuery(visit.user.tenant.id, owner_id, page))
    return 200, {"items": [await _shown_to_user(visit, each) for each in meetings], "total": total}


def _count(text: str | None, default: int, most: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()):
        raise ValidateFailed("should be a number")
    return min(int(text[:10]), most)


def _check_owners(body: MeetingBody, owner_id: str) -> None:
    """A meeting has one owner here; naming them is fine."""
    if body.owner_uuids and any(id_of(each) != owner_id for each in body.owner_uuids):
        raise ValidateFailed("should name nobody but the owner: a meeting has one here", "owner_uuids")


def _participant(person: LiveParticipant) -> dict[str, Any]:
    return {
        "id": person.id,
        "call_id": person.id,
        "caller_id_name": person.display_name,
        "caller_id_number": None,
        "user_uuid": None,
    }
