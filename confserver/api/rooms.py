"""The live side of a meeting, to look at: `status` and `participants`.

Nothing here is stored, and nothing changes anything (`confserver.api.controls`).
"""

from dataclasses import asdict, replace

from pydantic import BaseModel

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.errors import NotFound
from confserver.meetings.fields import Control, Layout
from confserver.meetings.lifecycle import CLOSED
from confserver.rooms.live import LiveParticipant, Presence


class StatusAnswer(BaseModel):
    """A room at a glance. `spotlight_id`: whose picture is the main one; `waiting`: how many wait to be let in."""

    status: Presence
    locked: bool
    muted: bool
    recording: bool
    spotlight_id: str | None
    control: Control
    layout: Layout
    mute_on_entry: bool
    waiting: int


class ParticipantAnswer(BaseModel):
    """Somebody in the room. `chairman`: the one host who owns the meeting for now; `role`: `HOST` or `GUEST`.

    `position`: -1 never shown, 0.. the cell, null by speech; `hand`: their place among those who ask for the word.
    """

    id: str
    display_name: str
    muted: bool
    muted_by_host: bool
    chairman: bool
    role: str
    position: int | None
    hand: int | None
    camera: bool
    camera_stopped: bool
    floor: bool
    screen: bool
    reconnecting: bool
    verified: bool


class ParticipantList(BaseModel):
    """Everybody in the room, in the order they came."""

    items: tuple[ParticipantAnswer, ...]


async def show_status(call: Call) -> StatusAnswer:
    """How the room is."""
    meeting = await call.visible_meeting()
    status = call.context.live.status(meeting)
    is_closed = status.status == "ONLINE" and call.context.lifetimes.state_of(meeting) in CLOSED
    return StatusAnswer(**asdict(replace(status, status="OFFLINE") if is_closed else status))


async def show_participants(call: Call) -> ParticipantList:
    """Who is in."""
    meeting = await call.visible_meeting()
    return ParticipantList(items=tuple(map(_answer, call.context.live.participants(meeting.id))))


async def show_participant(call: Call) -> ParticipantAnswer:
    """One of them."""
    meeting = await call.visible_meeting()
    for participant in call.context.live.participants(meeting.id):
        if participant.id == call.path["participant_id"]:
            return _answer(participant)
    raise NotFound("There is no such participant in this meeting.")


def _answer(participant: LiveParticipant) -> ParticipantAnswer:
    return ParticipantAnswer(**{**asdict(participant), "role": participant.role.upper()})


def operations(meeting: str) -> tuple[Operation, ...]:
    """The calls on one meeting; `meeting` is the path that leads to it."""
    people = f"{meeting}/participants"
    return (
        Operation("GET", f"{meeting}/status", "Show how the room is", show_status, answer=StatusAnswer),
        Operation("GET", people, "List who is in", show_participants, answer=ParticipantList),
        Operation(
            "GET", f"{people}/{{participant_id}}", "Show a participant", show_participant, answer=ParticipantAnswer
        ),
    )
