"""The JSON messages of the browser protocol: the client's validated into values, the server's rendered from values.

The only place that knows how a value looks as JSON; which message is allowed when is decided by `session`. The words
are those of docs/protocol.md.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError, from_json

from mixer.params import Purpose
from signaling.commands import COMMANDS, Command, DisplayName, Wish
from signaling.errors import RefusalReason
from signaling.ports import (
    AskedToUnmute,
    ChatMessage,
    EndingSoon,
    EndReason,
    Joined,
    Left,
    MediaLost,
    PeopleUpdated,
    Reaction,
    RemovedList,
    RoomChanged,
    RoomMessage,
    Slots,
    Speakers,
    Updated,
    Waiting,
    WaitingList,
    Welcome,
)

MAX_LINES = 64
MAX_BRACKETS = 4096
MAX_SAFE_INTEGER = 2**53 - 1
"""The integers that JavaScript can count with."""


def _few(lines: object) -> object:
    """Counted before they are looked at: each of many wrong ones would be an error of its own."""
    if isinstance(lines, dict) and len(lines) > MAX_LINES:
        raise PydanticCustomError("too_many_lines", "must not name more than {most} m-lines", {"most": MAX_LINES})
    return lines


class Join(Wish):
    """Asks for a seat."""

    type: Literal["join"]
    access_key: str | None = Field(None, min_length=1, max_length=128)
    meeting_id: str | None = Field(None, min_length=1, max_length=128)
    number: str | None = Field(None, pattern="^[0-9]{3,64}$")
    display_name: DisplayName
    pin: str | None = Field(None, max_length=32)
    token: str | None = Field(None, max_length=4096)
    seat_token: str | None = Field(None, max_length=512)
    join_token: str | None = Field(None, max_length=1024)
    device: str | None = Field(None, pattern="^[A-Za-z0-9_-]{16,64}$")
    is_muted: bool = False
    has_camera: bool = False

    @model_validator(mode="after")
    def _names_one_meeting(self) -> Self:
        if [self.access_key, self.meeting_id, self.number].count(None) != 2:
            raise PydanticCustomError("which_meeting", "needs one of access_key, meeting_id and number")
        return self


class Offer(Wish):
    """Negotiates the peer connection. `lines`: purpose by mid."""

    type: Literal["offer"]
    id: int = Field(ge=-MAX_SAFE_INTEGER, le=MAX_SAFE_INTEGER)
    sdp: str
    lines: Annotated[dict[str, str], BeforeValidator(_few)]
    new: bool = False

    @property
    def purposes(self) -> dict[str, Purpose]:
        """The purposes that this server knows; what a newer client wants besides is rejected in the answer."""
        known = {purpose.value: purpose for purpose in Purpose}
        return {mid: known[word] for mid, word in self.lines.items() if word in known}


class Leave(Wish):
    """Gives the seat up."""

    type: Literal["leave"]


ClientMessage = Join | Offer | Leave | Command

CLIENT_MESSAGES: Mapping[str, type[ClientMessage]] = {"join": Join, "offer": Offer, "leave": Leave, **COMMANDS}


@dataclass(frozen=True, slots=True)
class Refusal:
    """No seat."""

    reason: RefusalReason
    retry_after_s: float
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Our description for the offer of this id."""

    id: int
    sdp: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The seat is gone; the close follows."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """A message that was not obeyed: `of` its type and `id`, where they could be read."""

    code: str
    message: str
    of: str | None = None
    id: int | None = None


ServerMessage = RoomMessage | Welcome | Waiting | Refusal | Answer | Ended | ErrorMessage

SERVER_TYPES: Mapping[type[ServerMessage], str] = {
    Welcome: "welcome",
    Waiting: "waiting",
    Refusal: "refused",
    Answer: "answer",
    Joined: "joined",
    Updated: "updated",
    PeopleUpdated: "people",
    Left: "left",
    Speakers: "speakers",
    Slots: "slots",
    RoomChanged: "room",
    MediaLost: "media_lost",
    ChatMessage: "chat",
    Reaction: "reaction",
    AskedToUnmute: "asked_to_unmute",
    WaitingList: "waiting_list",
    RemovedList: "removed_list",
    EndingSoon: "ending_soon",
    Ended: "ended",
    ErrorMessage: "error",
}
SPARSE = (RoomChanged, ErrorMessage, Refusal)
"""Messages whose absent fields are left out; elsewhere null has a meaning."""


class MessageError(Exception):
    """A message that is none of the protocol's; `is_message` when it was at least an object with a type."""

    def __init__(self, error: ErrorMessage, *, is_message: bool) -> None:
        super().__init__(error.message)
        self.error = error
        self.is_message = is_message


def parse_message(text: str) -> ClientMessage:
    """The client's message. Raises MessageError."""
    value = _json(text)
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        error_message = ErrorMessage("bad_message", "The message is not an object with a string `type`.")
        raise MessageError(error_message, is_message=False)
    request_id = value.get("id")
    request_id = request_id if type(request_id) is int and abs(request_id) <= MAX_SAFE_INTEGER else None
    model = CLIENT_MESSAGES.get(kind)
    if model is None:
        error_message = ErrorMessage("unknown_type", "There is no message of this type.", kind[:64], request_id)
        raise MessageError(error_message, is_message=True)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        sentence = _sentence(kind, error)
        raise MessageError(ErrorMessage("bad_message", sentence, kind, request_id), is_message=True) from error


def _json(text: str) -> Any:
    # Half a megabyte of empty lists would take longer to make than a tick; those of an SDP's text count too.
    if text.count("[") + text.count("{") > MAX_BRACKETS:
        raise MessageError(ErrorMessage("bad_message", "The message has too many brackets."), is_message=False)
    try:
        return from_json(text, cache_strings="keys")
    except ValueError as error:
        raise MessageError(ErrorMessage("bad_message", "The message is not JSON."), is_message=False) from error


def _sentence(kind: str, error: ValidationError) -> str:
    """The first thing that is wrong, with the field's name."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = str(first["loc"][0]) if first["loc"] else kind
    return f"{field}: {first['msg'][:1].lower()}{first['msg'][1:]}."


def render(message: ServerMessage) -> str:
    """The JSON text of a message."""
    fields = asdict(message)
    if isinstance(message, SPARSE):
        fields = {name: value for name, value in fields.items() if value is not None}
    return json.dumps({"type": SERVER_TYPES[type(message)], **fields}, separators=(",", ":"))


class SharedText:
    """A message rendered once for everybody in a room who is told the same, one after the other."""

    def __init__(self) -> None:
        self._message: RoomMessage | None = None
        self._text = ""

    def of(self, message: RoomMessage) -> str:
        """The JSON text. Messages are told apart by identity: one of two hundred people takes long to compare."""
        if message is not self._message:
            self._message, self._text = message, render(message)
        return self._text


render_shared = SharedText().of
