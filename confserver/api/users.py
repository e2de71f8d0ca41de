"""Users of the tenant, for its administrators: `/api/users`."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.api.rights import Audience
from confserver.auth.accounts import USER_FIELDS, UserChanges
from confserver.auth.identity import MeetingAccess, Role, User
from confserver.listing.page import ListQuery, Page
from confserver.meetings.fields import Time, one_line

UserName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(one_line)
]
Password = Annotated[str, StringConstraints(min_length=8, max_length=1024)]


class UserBody(BaseModel):
    """A new user; `display_name` null: the user name."""

    model_config = ConfigDict(extra="forbid")

    username: UserName
    password: Password = Field(repr=False)
    display_name: UserName | None = None
    role: Role = Role.USER
    meeting_access: MeetingAccess = MeetingAccess.FULL


class UserChangesBody(BaseModel):
    """What to change; null, or left out: nothing. A new password ends all sessions of the user."""

    model_config = ConfigDict(extra="forbid")

    password: Password | None = Field(default=None, repr=False)
    display_name: UserName | None = None
    role: Role | None = None
    meeting_access: MeetingAccess | None = None


class UserItem(BaseModel):
    """A user without their password."""

    id: str
    username: str
    display_name: str
    role: Role
    meeting_access: MeetingAccess
    created_at: Time


class UserList(BaseModel):
    """A page of users, by name; `count` is that of all pages, null if it was not wanted."""

    count: int | None
    items: tuple[UserItem, ...]


async def create(call: Call) -> UserItem:
    """A user of the caller's tenant."""
    body: UserBody = call.body
    accounts, tenant = call.context.accounts, call.session.tenant
    return _item(
        await accounts.add(
            tenant, body.username, body.password, body.role, body.display_name or "", body.meeting_access
        )
    )


async def show_list(call: Call) -> UserList:
    """Those of the caller's tenant."""
    total, users = await call.context.accounts.list(call.session.tenant, Page.of(call.query, USER_FIELDS))
    return UserList(count=total, items=tuple(map(_item, users)))


async def show(call: Call) -> UserItem:
    """One of them."""
    return _item(await call.context.accounts.by_id(call.session.tenant, call.path["user_id"]))


async def change(call: Call) -> UserItem:
    """The user with some things changed, from their next call on."""
    body: UserChangesBody = call.body
    changes = UserChanges(body.password, body.display_name, body.role, body.meeting_access)
    return _item(await call.context.accounts.change(call.session.tenant, call.path["user_id"], changes))


def _item(user: User) -> UserItem:
    return UserItem(
        id=user.id,
        username=user.name,
        display_name=user.display_name,
        role=user.role,
        meeting_access=user.meeting_access,
        created_at=user.created_at,
    )


OPERATIONS = (
    Operation(
        "POST",
        "/users",
        "Add a user",
        create,
        body=UserBody,
        answer=UserItem,
        status=201,
        audience=Audience.ADMINS,
        is_for_keys=False,
    ),
    Operation("GET", "/users", "List users", show_list, query=ListQuery, answer=UserList, audience=Audience.ADMINS),
    Operation("GET", "/users/{user_id}", "Show a user", show, answer=UserItem, audience=Audience.ADMINS),
    Operation(
        "POST",
        "/users/{user_id}",
        "Change a user",
        change,
        body=UserChangesBody,
        answer=UserItem,
        audience=Audience.ADMINS,
        is_for_keys=False,
    ),
)
