"""What a person decides about a meeting: the fields of creating and updating one, validated.

It does not know how meetings are stored; what the server itself gives a meeting is in `confserver.meetings.meeting`.
"""

from typing import Annotated, Any, LiteralString

from pydantic import BaseModel, ConfigDict, FailFast, Field, create_model, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from confserver.meetings.fields import (
    Control,
    EMailAddresses,
    ExtensionNumber,
    Flag,
    InviteeIds,
    JsonText,
    Language,
    Layout,
    Minutes,
    Mode,
    OutboundCallerId,
    Pin,
    Recurrence,
    StartBy,
    Subject,
    Time,
    TimeZone,
    WaitingRoom,
)
from confserver.meetings.schedule import begins_by_rule


def _inconsistent(field: str, words: LiteralString) -> PydanticCustomError:
    """The mistake of a field that is in its range, but does not go with the others."""
    return PydanticCustomError("inconsistent", words, {"field": field})


def _number(low: int, high: int) -> Any:
    return Field(strict=True, ge=low, le=high)


class MeetingDefinition(BaseModel):
    """The fields of a meeting that people set; frozen, each in its range and all consistent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Subject
    mode: Mode
    timezone: TimeZone
    control: Control = Control.FREE
    width: Annotated[int, _number(144, 1920)] = 1280
    height: Annotated[int, _number(144, 1920)] = 720
    bitrate: Annotated[int, _number(128, 10_240)] = Field(default=1024, description="kbit/s")
    framerate: Annotated[int, _number(5, 30)] = Field(default=15, description="pictures per second")
    layout: Layout = Layout.LAYOUT0
    language: Language = "en-US"
    capacity: Annotated[int, _number(1, 200)] = Field(default=9, description="people at the same time")
    room_pin: Pin | None = Field(default=None, repr=False)
    admin_pin: Pin | None = Field(default=None, repr=False)
    enable_recording: Flag = False
    enable_prompt: Flag = True
    scheduled_start_at: Time | None = None
    scheduled_end_at: Time | None = None
    internal_invitees: InviteeIds = ()
    external_invitees: EMailAddresses | None = Field(default=None, description="e-mail addresses, by commas")
    outbound_caller_ids: Annotated[tuple[OutboundCallerId, ...], Field(max_length=32), FailFast()] = ()
    custom_options: JsonText | None = Field(default=None, description="a string that holds JSON")
    start_by: StartBy = StartBy.ANYONE
    waiting_room: WaitingRoom = WaitingRoom.OFF
    purge_at: Time | None = Field(default=None, description="when the meeting deletes itself")
    no_show_close: Minutes | None = Field(default=30, description="minutes after the scheduled start")
    close_on_nobody: Flag = False
    end_with_last_host: Flag = False
    max_duration: Minutes | None = Field(default=None, description="minutes")
    mute_on_entry: Flag = False
    known_users_pass: Flag = Field(default=False, description="who has a login of the tenant does not wait")
    recurrence: Recurrence | None = Field(default=None, description="an RRULE of RFC 5545, in the meeting's time zone")

    @model_validator(mode="after")
    def _is_consistent(self) -> "MeetingDefinition":
        start, end = self.scheduled_start_at, self.scheduled_end_at
        if start and end and end <= start:
            raise _inconsistent("scheduled_end_at", "should be later than scheduled_start_at")
        if self.admin_pin and self.admin_pin == self.room_pin:
            raise _inconsistent("admin_pin", "should differ from room_pin")
        if self.recurrence:
            if not start or not end:
                raise _inconsistent("recurrence", "needs scheduled_start_at and scheduled_end_at")
            if not begins_by_rule(self.recurrence, start, self.timezone):
                raise _inconsistent(
                    "recurrence", "should name the day of scheduled_start_at, in the meeting's time zone"
                )
        return self

    def definition(self) -> dict[str, Any]:
        """These fields by name, without those that a subclass adds."""
        own = self.__dict__  # a list has many meetings, and attributes take three times as long
        return {name: own[name] for name in MeetingDefinition.model_fields}


class NewMeeting(MeetingDefinition):
    """What creating a meeting takes: a definition, and the number it is dialled by if it is to be a certain one."""

    extension_number: ExtensionNumber | None = Field(
        default=None, description="unique; null: the server gives the next one"
    )


def _optional(field: FieldInfo) -> Any:
    """The same field, but it may be left out.

    A factory, so that the schema shows no default: leaving a field out does not set it to anything.
    """
    left_out = Field(default_factory=_nothing, description=field.description)
    return Annotated[field.annotation, *field.metadata, left_out]


def _nothing() -> None:
    """What a field holds that was left out; `model_fields_set` tells it from an explicit null."""


MeetingChanges: type[BaseModel] = create_model(
    "MeetingChanges",
    __config__=ConfigDict(extra="forbid", frozen=True),
    __doc__="What to change of a meeting; a field that is left out keeps its value. `mode` never changes.",
    **{name: _optional(field) for name, field in MeetingDefinition.model_fields.items() if name != "mode"},
)
