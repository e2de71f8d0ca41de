"""What somebody may ask of a room, as values that any door can issue: a browser's message, a call of the API, a key of
a telephone.

Each is validated once, where it comes in, and is nothing but a wish: who may have it is decided by the room. The words
are those of docs/protocol.md.
"""

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

MOST_PARTICIPANTS = 200
MOST_CHAT = 2_000
MOST_WORD = 200

TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Embeddings, overrides and isolates (UAX #9). No name needs them; address books leave them around what is copied."""
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that look like nothing."""


def _printable(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise PydanticCustomError("control_character", "must not contain control characters")
    return text


def printable_lines(text: str) -> str:
    """Text of several lines, without other control characters. Raises PydanticCustomError."""
    _printable(text.replace("\n", "").replace("\t", ""))
    return text


def legible(text: str) -> str:
    """Without what would turn round the words beside it. Raises PydanticCustomError if nothing is seen of it."""
    upright = "".join(character for character in text if unicodedata.bidirectional(character) not in TURNS).strip()
    if not any(unicodedata.category(character)[0] in "LNPS" and character not in BLANKS for character in upright):
        raise PydanticCustomError("invisible", "must contain something that can be seen")
    return upright


DisplayName = Annotated[
    str, StringConstraints(min_length=1, max_length=64), AfterValidator(_printable), AfterValidator(legible)
]
ParticipantId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
WaitingId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
RemovalId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Word = Annotated[str, StringConstraints(max_length=MOST_WORD), AfterValidator(_printable)]
ChatText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MOST_CHAT),
    AfterValidator(printable_lines),
    AfterValidator(legible),
]
ReactionName = Literal["thumbs_up", "clap", "heart", "laugh", "wow", "party"]
LayoutName = Literal["LAYOUT0", "LAYOUT1", "LAYOUT2", "LAYOUT3", "LAYOUT4", "LAYOUT6", "LAYOUT9"]
ControlName = Literal["FREE", "MASTER"]
Position = Annotated[int, Field(ge=-1, le=8)]


class Wish(BaseModel):
    """What all of them share: frozen, strict, and generous to newer clients that say more."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", str_strip_whitespace=True)


class SetOwn(Wish):
    """One's own state; None leaves as is."""

    type: Literal["set"] = "set"
    is_muted: bool | None = None
    has_camera: bool | None = None
    has_screen: bool | None = None
    display_name: DisplayName | None = None


class RaiseHand(Wish):
    """Asks for the word, or no longer."""

    type: Literal["hand"] = "hand"
    is_raised: bool


class Chat(Wish):
    """Says something in writing: to everybody, or to one."""

    type: Literal["chat"] = "chat"
    text: ChatText
    to: ParticipantId | None = None


class React(Wish):
    """Shows everybody a sign for a moment."""

    type: Literal["react"] = "react"
    reaction: ReactionName


class View(Wish):
    """Whom one wants to see whoever speaks; None: nobody in particular. It concerns nobody else."""

    type: Literal["view"] = "view"
    pinned_id: ParticipantId | None


class Mute(Wish):
    """Silences one participant, or takes a host's mute back."""

    type: Literal["mute"] = "mute"
    participant_id: ParticipantId
    is_muted: bool


class MuteAll(Wish):
    """Silences everybody but hosts; `may_unmute`: they may undo it themselves. Or takes hosts' mutes back."""

    type: Literal["mute_all"] = "mute_all"
    is_muted: bool
    may_unmute: bool = True


class AskToUnmute(Wish):
    """Nobody's microphone is opened for them: they are asked."""

    type: Literal["ask_to_unmute"] = "ask_to_unmute"
    participant_id: ParticipantId


class MuteOnEntry(Wish):
    """Whether guests come in muted from now on."""

    type: Literal["mute_on_entry"] = "mute_on_entry"
    is_on: bool


class StopCamera(Wish):
    """Takes one participant's camera off, or allows it again."""

    type: Literal["stop_camera"] = "stop_camera"
    participant_id: ParticipantId
    is_stopped: bool


class Remove(Wish):
    """Shows a participant the door, until the meeting is over."""

    type: Literal["remove"] = "remove"
    participant_id: ParticipantId


class Ban(Wish):
    """The same, for as long as the meeting exists."""

    type: Literal["ban"] = "ban"
    participant_id: ParticipantId


class Readmit(Wish):
    """Takes a removal or a ban back: whoever it concerned may knock again, like anybody."""

    type: Literal["readmit"] = "readmit"
    removal_id: RemovalId


class Lock(Wish):
    """Lets nobody else in, or everybody again."""

    type: Literal["lock"] = "lock"
    is_locked: bool


class MakeHost(Wish):
    """Makes a participant a host, or a guest again."""

    type: Literal["make_host"] = "make_host"
    participant_id: ParticipantId
    is_host: bool


class MakeChairman(Wish):
    """Hands the meeting over: they own it from now on, and their picture is the main one."""

    type: Literal["make_chairman"] = "make_chairman"
    participant_id: ParticipantId


class Spotlight(Wish):
    """Makes one picture the main one for everybody; None: as the layout has it."""

    type: Literal["spotlight"] = "spotlight"
    participant_id: ParticipantId | None


class Place(Wish):
    """Pins a participant to a cell for everybody; -1: never shown, None: by speech."""

    type: Literal["place"] = "place"
    participant_id: ParticipantId
    position: Position | None


class Arrange(Wish):
    """The order of the first cells; whoever is not named is shown by speech."""

    type: Literal["arrange"] = "arrange"
    participant_ids: Annotated[tuple[ParticipantId, ...], Field(max_length=MOST_PARTICIPANTS, strict=False)]


class SetLayout(Wish):
    """How many cells everybody sees."""

    type: Literal["layout"] = "layout"
    layout: LayoutName


class SetControl(Wish):
    """FREE: anyone may speak and present; MASTER: only who was given the floor."""

    type: Literal["control"] = "control"
    control: ControlName


class GiveFloor(Wish):
    """Under MASTER: lets a participant be heard and seen, or no longer."""

    type: Literal["floor"] = "floor"
    participant_id: ParticipantId
    has_floor: bool


class LowerHand(Wish):
    """Takes a raised hand down; None: all of them."""

    type: Literal["lower_hand"] = "lower_hand"
    participant_id: ParticipantId | None


class Rename(Wish):
    """Gives a participant another name."""

    type: Literal["rename"] = "rename"
    participant_id: ParticipantId
    display_name: DisplayName


class Admit(Wish):
    """Lets somebody in who waits; None: everybody who does."""

    type: Literal["admit"] = "admit"
    waiting_id: WaitingId | None


class Decline(Wish):
    """Turns somebody away who waits, with a word if one wants."""

    type: Literal["decline"] = "decline"
    waiting_id: WaitingId
    word: Word | None = None


class End(Wish):
    """Ends the meeting for all."""

    type: Literal["end"] = "end"


Command = (
    SetOwn
    | RaiseHand
    | Chat
    | React
    | View
    | Mute
    | MuteAll
    | AskToUnmute
    | MuteOnEntry
    | StopCamera
    | Remove
    | Ban
    | Readmit
    | Lock
    | MakeHost
    | MakeChairman
    | Spotlight
    | Place
    | Arrange
    | SetLayout
    | SetControl
    | GiveFloor
    | LowerHand
    | Rename
    | Admit
    | Decline
    | End
)

COMMANDS: Mapping[str, type[Command]] = {model.model_fields["type"].default: model for model in get_args(Command)}
"""By the word that asks for it."""
