"""The live side of a meeting: `/api/user/meetings/{id}/status`, `lock`, `unlock` and `participants`.

Nothing here is stored; `confserver.rooms.live` says what a room can do.
"""

from pydantic import BaseModel

from confserver.api.context import Call
from confserver.api.meetings import MEETING
from confserver.api.operation import Operation
from confserver.errors import NotFound
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.live import LiveParticipant, Presence
from signaling.commands import Command, Lock, Mute, Remove


class StatusAnswer(BaseModel):
    """A room at a glance."""

    status: Presence
    locked: bool
    muted: bool
    recording: bool


class ParticipantAnswer(BaseModel):
    """Somebody in the room; `chairman`: a host; `position`: -1 never shown, 0.. the cell, null by speech."""

    id: str
    display_name: str
    muted: bool
    chairman: bool
    position: int | None


class ParticipantList(BaseModel):
    """Everybody in the room, in the order they came."""

    items: tuple[ParticipantAnswer, ...]


async def show_status(call: Call) -> StatusAnswer:
    """How the room is."""
    meeting = await call.visible_meeting()
    status = call.context.live.status(meeting.id)
    return StatusAnswer(status=status.status, locked=status.locked, muted=status.muted, recording=status.recording)


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


async def mute(call: Call) -> None:
    """Nobody hears them from now on, until a host says otherwise."""
    await _steer(call, Mute(participant_id=call.path["participant_id"], is_muted=True))


async def unmute(call: Call) -> None:
    """Takes back a host's mute."""
    await _steer(call, Mute(participant_id=call.path["participant_id"], is_muted=False))


async def remove(call: Call) -> None:
    """Shows them the door."""
    await _steer(call, Remove(participant_id=call.path["participant_id"]))


async def lock(call: Call) -> None:
    """Nobody else gets in."""
    await _steer(call, Lock(is_locked=True))


async def unlock(call: Call) -> None:
    """People get in again."""
    await _steer(call, Lock(is_locked=False))


async def _steer(call: Call, command: Command) -> None:
    meeting, user = await call.hosted_meeting(), call.session.user
    call.context.live.obey(meeting, Actor("user", user.id, user.display_name, Role.HOST), command)


def _answer(participant: LiveParticipant) -> ParticipantAnswer:
    return ParticipantAnswer(
        id=participant.id,
        display_name=participant.display_name,
        muted=participant.muted,
        chairman=participant.chairman,
        position=participant.position,
    )


PARTICIPANTS = MEETING + "/participants"
PARTICIPANT = PARTICIPANTS + "/{participant_id}"

OPERATIONS = (
    Operation("GET", MEETING + "/status", "Show how the room is", show_status, answer=StatusAnswer),
    Operation("POST", MEETING + "/lock", "Lock the room", lock, status=204),
    Operation("POST", MEETING + "/unlock", "Unlock the room", unlock, status=204),
    Operation("GET", PARTICIPANTS, "List who is in", show_participants, answer=ParticipantList),
    Operation("GET", PARTICIPANT, "Show a participant", show_participant, answer=ParticipantAnswer),
    Operation("POST", PARTICIPANT + "/mute", "Mute a participant", mute, status=204),
    Operation("POST", PARTICIPANT + "/unmute", "Unmute a participant", unmute, status=204),
    Operation("POST", PARTICIPANT + "/destroy", "Remove a participant", remove, status=204),
)
