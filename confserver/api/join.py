"""What a guest may know before entering: `/api/join/{access_key}` (docs/protocol.md, "Before the WebSocket").

It admits nobody and changes nothing; the access key in the path is the guest's credential.
"""

import time
from typing import Literal

from pydantic import BaseModel

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.errors import NotFound
from confserver.meetings.fields import Mode, Time, WaitingRoom, time_at
from signaling.ports import Look


class JoinAnswer(BaseModel):
    """A meeting seen from outside its door.

    `host_pin`: one is set, and makes a host of who knows it. `starts_at`: its present or next occurrence.
    `waiting_room`: a host lets guests in one by one.
    """

    subject: str
    state: Literal["open", "full", "locked", "ended", "cancelled", "not_started"]
    pin_required: bool
    host_pin: bool
    mode: Mode
    language: str
    host_name: str
    starts_at: Time | None
    waiting_room: bool
    look: Look


async def look(call: Call) -> JoinAnswer:
    """The meeting an invite link leads to."""
    call.context.lookups.take(call.source, time.monotonic())
    meeting = await call.context.meetings.by_access_key(call.path["access_key"])
    if meeting is None:
        raise NotFound("There is no meeting behind this link.")
    return JoinAnswer.model_validate(
        {
            "subject": meeting.subject,
            "state": call.context.preview(meeting),
            "pin_required": meeting.room_pin is not None,
            "host_pin": meeting.admin_pin is not None,
            "mode": meeting.mode,
            "language": meeting.language,
            "host_name": meeting.host_name,
            "starts_at": time_at(call.context.lifetimes.life_of(meeting).starts_at),
            "waiting_room": meeting.waiting_room is not WaitingRoom.OFF,
            "look": call.context.looks.of(meeting.tenant_id),
        }
    )


OPERATIONS = (
    Operation(
        "GET", "/join/{access_key}", "Look at a meeting before entering", look, answer=JoinAnswer, is_public=True
    ),
)
