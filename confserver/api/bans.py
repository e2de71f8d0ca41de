"""Who was shown the door of a meeting, and that they may come back.

Somebody is shown it in the room (`confserver.api.controls`).
"""

from datetime import UTC, datetime

from pydantic import BaseModel

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.meetings.fields import Time
from confserver.rooms.bans import Removal
from signaling.commands import Readmit


class BanItem(BaseModel):
    """Somebody who may not come back. `lasting`: also not after the meeting is over; `by`: who did it."""

    id: str
    display_name: str
    lasting: bool
    by: str
    created_at: Time


class BanList(BaseModel):
    """All of them, oldest first."""

    items: tuple[BanItem, ...]


async def show(call: Call) -> BanList:
    """Who may not come back."""
    meeting = await call.visible_meeting()
    return BanList(items=tuple(map(_item, call.context.live.bans(meeting.id))))


async def lift(call: Call) -> None:
    """Lets them knock again, like anybody."""
    call.context.live.obey(await call.hosted_meeting(), call.actor, Readmit(removal_id=call.path["ban_id"][:64]))


def _item(ban: Removal) -> BanItem:
    created_at = datetime.fromtimestamp(int(ban.at), UTC)
    return BanItem(id=ban.id, display_name=ban.display_name, lasting=ban.is_lasting, by=ban.by, created_at=created_at)


def operations(meeting: str) -> tuple[Operation, ...]:
    """Those of one meeting; `meeting` is the path that leads to it."""
    return (
        Operation("GET", f"{meeting}/bans", "List who may not come back", show, answer=BanList),
        Operation("POST", f"{meeting}/bans/{{ban_id}}/destroy", "Let somebody come back", lift, status=204),
    )
