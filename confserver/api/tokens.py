"""Join tokens of a meeting: invitations with a name and a role of their own.

What one is worth at the door is in `confserver.rooms.join_tokens` and `confserver.rooms.admission`.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.errors import ValidateFailed
from confserver.meetings.fields import Flag, Time
from confserver.rooms.admission import Role
from confserver.rooms.join_tokens import JoinToken, Wanted
from signaling.commands import DisplayName

LONGEST_S = 366 * 86_400
USUAL_S = 7 * 86_400


class TokenRole(StrEnum):
    """What its holder is in the room."""

    GUEST = "GUEST"
    HOST = "HOST"


class TokenBody(BaseModel):
    """Whom it is for. At most one of `expires_at` and `expires_in_s`; without both it is good for seven days."""

    model_config = ConfigDict(extra="forbid")

    display_name: DisplayName | None = Field(default=None, description="null: its holder chooses a name")
    role: TokenRole = TokenRole.GUEST
    expires_at: Time | None = None
    expires_in_s: Annotated[int, Field(strict=True, ge=1, le=LONGEST_S)] | None = Field(
        default=None, description="seconds from now, at most 366 days"
    )
    one_time: Flag = Field(default=False, description="it lets in once; its holder comes back by their seat")


class TokenItem(BaseModel):
    """A token without its text. `used_at`: of one that lets in once, when it did."""

    id: str
    display_name: str | None
    role: TokenRole
    one_time: bool
    created_by: str
    created_at: Time
    expires_at: Time
    used_at: Time | None


class CreatedToken(TokenItem):
    """The only answer that ever shows `token`, and the invite link with it."""

    token: str
    url: str


class TokenList(BaseModel):
    """All that have not been revoked, oldest first."""

    items: tuple[TokenItem, ...]


async def create(call: Call) -> CreatedToken:
    """A new invitation."""
    body: TokenBody = call.body
    meeting = await call.hosted_meeting()
    wanted = Wanted(body.display_name, Role[body.role.value], body.one_time, _expires_at(body))
    issued = await call.context.join_tokens.issue(meeting, wanted, call.actor)
    url = call.context.links.invite_by_token(meeting, issued.text)
    return CreatedToken(**_item(issued.token).model_dump(), token=issued.text, url=url)


async def show(call: Call) -> TokenList:
    """Who was invited by name."""
    meeting = await call.visible_meeting()
    return TokenList(items=tuple(map(_item, await call.context.join_tokens.of_meeting(meeting.id))))


async def revoke(call: Call) -> None:
    """Nobody gets in with it any more; who is in stays."""
    await call.context.join_tokens.revoke(await call.hosted_meeting(), call.path["token_id"], call.actor)


def _expires_at(body: TokenBody) -> datetime:
    now = datetime.now(UTC).replace(microsecond=0)
    if body.expires_at is None:
        return now + timedelta(seconds=body.expires_in_s or USUAL_S)
    if body.expires_in_s is not None:
        raise ValidateFailed("expires_in_s cannot be given beside expires_at", "expires_in_s")
    if not now < body.expires_at <= now + timedelta(seconds=LONGEST_S):
        raise ValidateFailed("expires_at should be in the future, at most 366 days ahead", "expires_at")
    return body.expires_at


def _item(token: JoinToken) -> TokenItem:
    return TokenItem(
        id=token.id,
        display_name=token.display_name,
        role=TokenRole[token.role.name],
        one_time=token.is_one_time,
        created_by=token.created_by,
        created_at=token.created_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
    )


def operations(meeting: str) -> tuple[Operation, ...]:
    """Those of one meeting; `meeting` is the path that leads to it."""
    tokens = f"{meeting}/tokens"
    return (
        Operation("POST", tokens, "Invite somebody by name", create, body=TokenBody, answer=CreatedToken, status=201),
        Operation("GET", tokens, "List who was invited by name", show, answer=TokenList),
        Operation("POST", f"{tokens}/{{token_id}}/destroy", "Revoke an invitation", revoke, status=204),
    )
