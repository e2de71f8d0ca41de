"""Logging in and out: `/api/login`, `/api/login/refresh`, `/api/logout`.

How sessions work is in `confserver.auth.service`.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from confserver.api.context import Call
from confserver.api.noting import login_entry
from confserver.api.operation import Operation
from confserver.auth.accounts import DEFAULT_DOMAIN
from confserver.auth.identity import MeetingAccess, Role
from confserver.auth.service import Credentials, Grant
from confserver.errors import Unauthorized
from confserver.meetings.fields import Time


class LoginBody(BaseModel):
    """Who wants to log in; without a domain it is the default tenant's."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=1024)
    domain: str | None = Field(default=None, max_length=255)


class RefreshBody(BaseModel):
    """The token that came with the last access token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: str = Field(min_length=1, max_length=256)


class LoginAnswer(BaseModel):
    """Tokens of a session; the access token goes into `Authorization: Bearer`."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int = Field(description="seconds")
    role: Role


class SessionAnswer(BaseModel):
    """Whose session this is."""

    username: str
    display_name: str
    domain: str
    role: Role
    meeting_access: MeetingAccess
    expires_at: Time | None


async def log_in(call: Call) -> LoginAnswer:
    """A session for the right password."""
    body: LoginBody = call.body
    try:
        grant = await call.context.auth.login(Credentials(body.username, body.password, body.domain, call.source))
    except Unauthorized as refusal:
        await _note(call, refusal)
        raise
    await _note(call, None)
    return _answer(grant)


async def refresh(call: Call) -> LoginAnswer:
    """Fresh tokens for the same session."""
    body: RefreshBody = call.body
    return _answer(await call.context.auth.refresh(body.refresh_token))


async def show_session(call: Call) -> SessionAnswer:
    """The session of the caller."""
    user = call.session.user
    return SessionAnswer(
        username=user.name,
        display_name=user.display_name,
        domain=user.tenant.domain,
        role=user.role,
        meeting_access=MeetingAccess.FULL if call.session.may_change else MeetingAccess.VIEW,
        expires_at=call.session.expires_at,
    )


async def log_out(call: Call) -> None:
    """Voids both tokens."""
    await call.context.auth.logout(call.session)


async def _note(call: Call, refusal: Unauthorized | None) -> None:
    """For the tenant that was named, if there is one: who was let in, and who tried."""
    tenant = await call.context.accounts.tenant(call.body.domain or DEFAULT_DOMAIN)
    if tenant is not None:
        call.context.audit.note(login_entry(tenant, call.body.username, call.source, refusal))


def _answer(grant: Grant) -> LoginAnswer:
    return LoginAnswer(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        expires_in=grant.expires_in,
        role=grant.session.role,
    )


OPERATIONS = (
    Operation("POST", "/login", "Log in", log_in, body=LoginBody, answer=LoginAnswer, is_public=True),
    Operation("GET", "/login", "Show the session", show_session, answer=SessionAnswer),
    Operation(
        "POST", "/login/refresh", "Renew the tokens", refresh, body=RefreshBody, answer=LoginAnswer, is_public=True
    ),
    Operation("POST", "/logout", "Log out", log_out, status=204, is_for_keys=False, is_for_viewers=True),
)
