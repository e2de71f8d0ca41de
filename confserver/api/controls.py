"""What a host may do to a room and to those in it, as a table from paths to commands.

Who may, and what a command does, is the room's business (`confserver.rooms.permissions`, `confserver.rooms.deeds`).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.errors import NotSupported
from confserver.validation import parse_values
from signaling.commands import (
    MOST_PARTICIPANTS,
    Arrange,
    AskToUnmute,
    Ban,
    Chat,
    ChatText,
    Command,
    DisplayName,
    GiveFloor,
    Lock,
    LowerHand,
    MakeChairman,
    MakeHost,
    Mute,
    MuteAll,
    ParticipantId,
    Place,
    Position,
    Remove,
    Rename,
    Spotlight,
    StopCamera,
)

PARTICIPANT = "/participants/{participant_id}"


class Body(BaseModel):
    """What the bodies share."""

    model_config = ConfigDict(extra="forbid")


class MuteAllBody(Body):
    """Whether those who are muted may undo it; `unmute` takes back what they may not."""

    may_unmute: Annotated[bool, Field(strict=True)] = False


class OrderBody(Body):
    """Participants, for the first cell, the second, and so on; all others are shown by speech."""

    items: Annotated[tuple[ParticipantId, ...], Field(max_length=MOST_PARTICIPANTS)] = Field(
        serialization_alias="participant_ids"
    )


class SpotlightBody(Body):
    """Whose picture is the main one; null: nobody's."""

    participant_id: ParticipantId | None


class PositionBody(Body):
    """-1: never shown; 0 to 8: the cell; null: by speech."""

    position: Position | None


class RenameBody(Body):
    """The name that the others see."""

    display_name: DisplayName


class ChatBody(Body):
    """A message to everybody, or to one participant."""

    text: ChatText
    to: ParticipantId | None = None


class InviteBody(Body):
    """An extension or a telephone number."""

    number: Annotated[str, Field(pattern=r"^\+?[0-9*#]{1,32}$")]


@dataclass(frozen=True, slots=True)
class Control:
    """`path` below the meeting, and the command it stands for.

    The command's fields come from `fixed`, from the participant of the path, and from the body.
    """

    path: str
    summary: str
    command: type[Command]
    fixed: Mapping[str, object] = field(default_factory=dict)
    body: type[BaseModel] | None = None


CONTROLS = (
    Control("/mute", "Mute everybody but hosts", MuteAll, {"is_muted": True}, MuteAllBody),
    Control("/unmute", "Take back what hosts have muted", MuteAll, {"is_muted": False}),
    Control("/lock", "Lock the room", Lock, {"is_locked": True}),
    Control("/unlock", "Unlock the room", Lock, {"is_locked": False}),
    Control("/spotlight", "Make one picture the main one", Spotlight, body=SpotlightBody),
    Control("/lower_hands", "Take all hands down", LowerHand, {"participant_id": None}),
    Control("/chat", "Write to those in the room", Chat, body=ChatBody),
    Control("/participants/layout", "Set the order of the cells", Arrange, body=OrderBody),
    Control(f"{PARTICIPANT}/mute", "Mute a participant", Mute, {"is_muted": True}),
    Control(f"{PARTICIPANT}/unmute", "Take a host's mute back", Mute, {"is_muted": False}),
    Control(f"{PARTICIPANT}/ask_to_unmute", "Ask a participant to unmute", AskToUnmute),
    Control(f"{PARTICIPANT}/stop_camera", "Take a participant's camera off", StopCamera, {"is_stopped": True}),
    Control(f"{PARTICIPANT}/allow_camera", "Allow the camera again", StopCamera, {"is_stopped": False}),
    Control(f"{PARTICIPANT}/position", "Pin a participant to a cell", Place, body=PositionBody),
    Control(f"{PARTICIPANT}/rename", "Give a participant another name", Rename, body=RenameBody),
    Control(f"{PARTICIPANT}/chairman", "Hand the meeting over", MakeChairman),
    Control(f"{PARTICIPANT}/make_host", "Make a participant a host", MakeHost, {"is_host": True}),
    Control(f"{PARTICIPANT}/make_guest", "Make a host a guest", MakeHost, {"is_host": False}),
    Control(f"{PARTICIPANT}/give_floor", "Let a participant be heard and seen", GiveFloor, {"has_floor": True}),
    Control(f"{PARTICIPANT}/take_floor", "Take the floor back", GiveFloor, {"has_floor": False}),
    Control(f"{PARTICIPANT}/lower_hand", "Take a hand down", LowerHand),
    Control(f"{PARTICIPANT}/destroy", "Remove a participant", Remove),
    Control(f"{PARTICIPANT}/ban", "Ban a participant from the meeting", Ban),
)


def _steering(control: Control) -> Callable[[Call], Awaitable[None]]:
    async def steer(call: Call) -> None:
        meeting = await call.hosted_meeting()
        values = dict(control.fixed)
        if control.path.startswith(PARTICIPANT):
            values["participant_id"] = call.path["participant_id"]
        if control.body is not None:
            values |= call.body.model_dump(by_alias=True)
        call.context.live.obey(meeting, call.actor, parse_values(control.command, values))

    return steer


async def invite(call: Call) -> None:
    """Calls somebody and puts them into the room; there are no telephones yet."""
    await call.hosted_meeting()
    raise NotSupported("This server cannot call telephones.", "number")


async def record(call: Call) -> None:
    """Begins or ends a recording; there is no recorder yet."""
    await call.hosted_meeting()
    raise NotSupported("This server cannot record.")


def operations(meeting: str) -> tuple[Operation, ...]:
    """The controls of one meeting; `meeting` is the path that leads to it."""
    return (
        *(
            Operation("POST", meeting + control.path, control.summary, _steering(control), control.body, status=204)
            for control in CONTROLS
        ),
        Operation("POST", f"{meeting}/participants/invite", "Call a telephone", invite, InviteBody, status=204),
        Operation("POST", f"{meeting}/start_recording", "Begin a recording", record, status=204),
        Operation("POST", f"{meeting}/stop_recording", "End the recording", record, status=204),
    )
