"""Keys of programs: `/api/keys`. How they work is in `confserver.auth.keys`."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.auth.identity import MeetingAccess, ProgramKey
from confserver.meetings.fields import Time, one_line

KeyName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(one_line)
]


class KeyBody(BaseModel):
    """What a key is for, how far it reaches, and until when."""

    model_config = ConfigDict(extra="forbid")

    name: KeyName
    access: MeetingAccess = MeetingAccess.VIEW
    expires_at: Time | None = Field(default=None, description="null: until it is revoked")


class KeyItem(BaseModel):
    """A key without its secret; `username`: for whom it acts."""

    id: str
    name: str
    access: MeetingAccess
    username: str
    created_at: Time
    expires_at: Time | None


class CreatedKey(KeyItem):
    """The only answer that ever shows `key`."""

    key: str


class KeyList(BaseModel):
    """All of them, oldest first."""

    items: tuple[KeyItem, ...]


async def create(call: Call) -> CreatedKey:
    """A key that acts for the caller."""
    body: KeyBody = call.body
    new = await call.context.auth.keys.create(call.session.user, body.name, body.access, body.expires_at)
    return CreatedKey(**_values(new.key), key=new.secret)


async def show_list(call: Call) -> KeyList:
    """The caller's keys; those of everybody in the tenant for administrators."""
    keys = await call.context.auth.keys.list(call.session.user)
    return KeyList(items=tuple(KeyItem(**_values(key)) for key in keys))


async def revoke(call: Call) -> None:
    """The key is void at once."""
    await call.context.auth.keys.revoke(call.session.user, call.path["key_id"])


def _values(key: ProgramKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "access": key.access,
        "username": key.user.name,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
    }


OPERATIONS = (
    Operation(
        "POST", "/keys", "Make a program's key", create, body=KeyBody, answer=CreatedKey, status=201, is_for_keys=False
    ),
    Operation("GET", "/keys", "List programs' keys", show_list, answer=KeyList, is_for_keys=False),
    Operation("POST", "/keys/{key_id}/destroy", "Revoke a program's key", revoke, status=204, is_for_keys=False),
)
