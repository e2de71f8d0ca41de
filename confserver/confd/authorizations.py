"""Guests who ask to be let in and poll for the answer: the door and its waiting room, seen through the telephony
platform's window.

It has no rule of its own. A guest proves themselves by the UUID that they made up, which nobody else knows.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from confserver.confd.edge import Answer, Visit
from confserver.confd.uuids import entry_of, id_of, uuid_of, uuid_of_entry
from confserver.errors import NotFound, ValidateFailed
from confserver.meetings.fields import one_line
from confserver.meetings.meeting import Meeting
from confserver.rooms.waiting_entry import WaitingEntry, WaitingState
from signaling.commands import Admit, Decline, legible
from signaling.errors import RefusalReason, Refused

SENTENCES = {
    RefusalReason.WAITING_ROOM_FULL: "Too many wait already; please try again later.",
    RefusalReason.FULL: "The meeting is full.",
    RefusalReason.LOCKED: "The meeting is locked.",
    RefusalReason.ENDED: "The meeting is over.",
    RefusalReason.CANCELLED: "The meeting was cancelled.",
    RefusalReason.PIN_REQUIRED: "The meeting has a PIN, which nobody can give here.",
    RefusalReason.TOO_MANY_MEETINGS: "Too many meetings are running.",
    RefusalReason.SHUTTING_DOWN: "The server lets nobody in just now; please try again later.",
}
"""Why the door does not even let somebody wait who shows nothing but the meeting's UUID."""

NOBODY = "There is no such authorization."


class RequestBody(BaseModel):
    """Who asks."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    guest_name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=128),
        AfterValidator(one_line),
        AfterValidator(legible),
    ]


async def request(visit: Visit) -> Answer:
    """Asks to be let in: at once if the door is open to them, when a host comes or says so if not."""
    meeting = await visit.guests_meeting()
    body: RequestBody = await visit.body(RequestBody)
    guest_id = id_of(visit.path("guest_uuid"))
    if guest_id is None:
        raise ValidateFailed("should be a UUID", "guest_uuid")
    try:
        entry = visit.window.door.ask(meeting, guest_id, body.guest_name, visit.source)
    except Refused as refusal:
        raise ValidateFailed(SENTENCES[refusal.reason]) from None
    return 201, await _shown(visit, meeting, entry)


async def show_to_guest(visit: Visit) -> Answer:
    """What came of it, for who asked; to everybody else it does not exist."""
    meeting = await visit.guests_meeting()
    entry = _find(visit, meeting)
    if entry.guest_id != id_of(visit.path("guest_uuid")):
        raise NotFound(NOBODY)
    return 200, await _shown(visit, meeting, entry)


async def list_all(visit: Visit) -> Answer:
    """All who asked, for the owner."""
    meeting = await visit.meeting()
    asked = visit.window.waiting.requests(meeting.id)
    entries = [now for entry in asked if (now := visit.window.door.ask_again(meeting, entry))]
    items = [await _shown(visit, meeting, entry) for entry in entries]
    return 200, {"items": items, "total": len(items)}


async def show(visit: Visit) -> Answer:
    """One of them."""
    meeting = await visit.meeting()
    return 200, await _shown(visit, meeting, _find(visit, meeting))


async def accept(visit: Visit) -> Answer:
    """Lets one in."""
    meeting = await visit.meeting(is_change=True)
    entry = _find(visit, meeting)
    if entry.state is WaitingState.PENDING:
        visit.window.api.live.obey(meeting, visit.actor, Admit(waiting_id=entry.id))
    return 200, await _shown(visit, meeting, _find(visit, meeting))


async def reject(visit: Visit) -> Answer:
    """Turns one away."""
    meeting = await visit.meeting(is_change=True)
    entry = _find(visit, meeting)
    if entry.state is WaitingState.PENDING:
        visit.window.api.live.obey(meeting, visit.actor, Decline(waiting_id=entry.id))
    return 200, await _shown(visit, meeting, _find(visit, meeting))


async def destroy(visit: Visit) -> Answer:
    """Forgets one."""
    meeting = await visit.meeting(is_change=True)
    visit.window.waiting.refuse(_find(visit, meeting), Refused(RefusalReason.DECLINED))
    return 204, None


def _find(visit: Visit, meeting: Meeting) -> WaitingEntry:
    """As the door answers by now."""
    entry_id = entry_of(visit.path("authorization_uuid"))
    found = visit.window.waiting.find(meeting.id, entry_id) if entry_id else None
    entry = visit.window.door.ask_again(meeting, found) if found and found.guest_id else None
    if entry is None:
        raise NotFound(NOBODY)
    return entry


async def _shown(visit: Visit, meeting: Meeting, entry: WaitingEntry) -> dict[str, Any]:
    is_accepted = entry.state is WaitingState.ACCEPTED
    return {
        "uuid": uuid_of_entry(entry.id),
        "meeting_uuid": uuid_of(meeting.id),
        "guest_uuid": uuid_of(entry.guest_id or ""),
        "guest_name": entry.display_name,
        "status": entry.state.value,
        "guest_sip_authorization": await visit.window.accounts.of(meeting) if is_accepted else None,
        "creation_time": datetime.fromtimestamp(entry.since, UTC).isoformat(timespec="seconds"),
    }
