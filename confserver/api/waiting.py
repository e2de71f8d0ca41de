"""The waiting room of a meeting: who waits, let in or turned away.

Who has to wait is decided at the door (`confserver.rooms.admission`).
"""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.meetings.fields import Time
from confserver.rooms.waiting_entry import WaitingEntry
from signaling.commands import Admit, Decline, Word


class WaitingItem(BaseModel):
    """Somebody who waits. `known`: a login says who they are; `removed_nearby`: they come from the network of somebody
    who was shown the door.
    """

    id: str
    display_name: str
    since: Time
    known: bool
    removed_nearby: bool


class WaitingAnswer(BaseModel):
    """Everybody who waits, longest first."""

    items: tuple[WaitingItem, ...]


class DeclineBody(BaseModel):
    """What they are told, in a few words."""

    model_config = ConfigDict(extra="forbid")

    word: Word | None = None


async def show(call: Call) -> WaitingAnswer:
    """Who waits."""
    meeting = await call.visible_meeting()
    return WaitingAnswer(items=tuple(map(_item, call.context.live.waiting(meeting.id))))


async def admit_all(call: Call) -> None:
    """Lets everybody in who waits."""
    call.context.live.obey(await call.hosted_meeting(), call.actor, Admit(waiting_id=None))


async def admit(call: Call) -> None:
    """Lets one in."""
    call.context.live.obey(await call.hosted_meeting(), call.actor, Admit(waiting_id=call.path["waiting_id"][:64]))


async def decline(call: Call) -> None:
    """Turns one away."""
    body: DeclineBody = call.body
    wish = Decline(waiting_id=call.path["waiting_id"][:64], word=body.word)
    call.context.live.obey(await call.hosted_meeting(), call.actor, wish)


def _item(entry: WaitingEntry) -> WaitingItem:
    return WaitingItem(
        id=entry.id,
        display_name=entry.display_name,
        since=datetime.fromtimestamp(int(entry.since), UTC),
        known=entry.is_known,
        removed_nearby=entry.was_removed,
    )


def operations(meeting: str) -> tuple[Operation, ...]:
    """Those of one meeting; `meeting` is the path that leads to it."""
    one = f"{meeting}/waiting/{{waiting_id}}"
    return (
        Operation("GET", f"{meeting}/waiting", "List who waits", show, answer=WaitingAnswer),
        Operation("POST", f"{meeting}/waiting/admit", "Let everybody in who waits", admit_all, status=204),
        Operation("POST", f"{one}/admit", "Let one in who waits", admit, status=204),
        Operation("POST", f"{one}/decline", "Turn one away who waits", decline, body=DeclineBody, status=204),
    )
