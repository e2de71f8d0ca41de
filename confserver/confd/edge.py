"""The edge of the telephony platform's addresses: its header with a token, its tenants, its form of errors.

It knows no address by name. Refusals are a JSON list of sentences as that platform gives them, or for a token that is
missing or wrong an object with an `error_id`.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from confserver.api.context import ApiContext, actor_of, visible_meeting
from confserver.api.edge import HEADERS, read_json
from confserver.auth.identity import Session
from confserver.confd.accounts import GuestAccounts, Ingresses
from confserver.confd.noting import entry
from confserver.confd.uuids import id_of, uuid_of
from confserver.errors import ConfserverError, Forbidden, NotFound, Unauthorized
from confserver.http.answers import pace_headers
from confserver.meetings.meeting import Meeting
from confserver.rooms.actor import Actor
from confserver.rooms.door import MeetingDoor
from confserver.rooms.waiting_rooms import WaitingRooms
from confserver.validation import parse_json
from signaling.sources import source_of

Answer = tuple[int, Any]
"""Status and body; None for no body."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the addresses work with: ours, and the little that is theirs alone."""

    api: ApiContext
    door: MeetingDoor
    waiting: WaitingRooms
    accounts: GuestAccounts
    ingresses: Ingresses


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. `session` None: a guest's; `is_own`: by an address of one's own meetings, where those of others do
    not exist; `fields`: the names of those in the body, once it is read.
    """

    window: Window
    request: web.Request
    session: Session | None
    is_own: bool
    fields: set[str] = field(default_factory=set)

    @property
    def user(self) -> Session:
        """Whose it is; raises Unauthorized for a guest's."""
        if self.session is None:
            raise Unauthorized("No token.")
        return self.session

    @property
    def actor(self) -> Actor:
        """Who steers a room, for one who may host its meeting."""
        return actor_of(self.user)

    @property
    def source(self) -> str:
        """The network of who asks, as limits count it."""
        return source_of(self.request.remote)

    def path(self, name: str) -> str:
        """A part of the address."""
        return self.request.match_info[name]

    async def body(self, model: type[BaseModel]) -> Any:
        """The body as a model. Raises ValidateFailed."""
        body = parse_json(model, await read_json(self.request))
        self.fields.update(body.model_fields_set)
        return body

    async def meeting(self, *, is_change: bool = False) -> Meeting:
        """The meeting of the path, for its owner or whoever may see it too. Raises NotFound, Forbidden."""
        meeting = await visible_meeting(self.window.api, self.user, id_of(self.path("meeting_uuid")) or "")
        if self.is_own and meeting.owner_id != self.user.user.id:
            raise NotFound("There is no such meeting.")
        if is_change and not self.user.may_host(meeting):
            raise Forbidden("This token may only look at meetings.")
        return meeting

    async def guests_meeting(self) -> Meeting:
        """The meeting of the path, for whoever knows its UUID. Raises NotFound, TooManyRequests."""
        self.window.api.lookups.take(self.source, time.monotonic())
        meeting = await self.window.api.meetings.by_id(id_of(self.path("meeting_uuid")) or "")
        if meeting is None:
            raise NotFound("There is no such meeting.")
        return meeting


Handle = Callable[[Visit], Awaitable[Answer]]


def serve(
    handle: Handle, window: Window, *, is_public: bool, is_own: bool
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The aiohttp handler of an address."""

    async def handler(request: web.Request) -> web.Response:
        try:
            session = None if is_public else await _session(request, window.api)
            status, body = await _noted(handle, Visit(window, request, session, is_own))
        except Unauthorized as error:
            return _answer(401, {"error_id": "unauthorized", "reason": [error.message], "status_code": 401})
        except ConfserverError as error:
            sentences = [_sentence(fault.message, fault.detail) for fault in error.faults]
            return _answer(error.http_status, sentences, pace_headers(error))
        return _answer(status, body)

    return handler


async def _noted(handle: Handle, visit: Visit) -> Answer:
    """Whether or not it does what was asked, the audit log hears of what somebody with a login wanted to change."""
    if visit.session is None or visit.request.method == "GET":
        return await handle(visit)
    try:
        outcome = await handle(visit)
    except Exception as error:
        refusal = error if isinstance(error, ConfserverError) else ConfserverError("")
        visit.window.api.audit.note(entry(visit.request, visit.session, visit.fields, refusal))
        raise
    visit.window.api.audit.note(entry(visit.request, visit.session, visit.fields, outcome))
    return outcome


async def _session(request: web.Request, api: ApiContext) -> Session:
    token = request.headers.get("X-Auth-Token", "").strip()
    session = await api.auth.session_by_token(token) if token else None
    if session is None:
        raise Unauthorized("The token is missing, wrong or expired.")
    wanted = request.headers.get("Wazo-Tenant")
    if wanted is not None and id_of(wanted) != session.tenant.id:
        raise Unauthorized("The token does not belong to this tenant.")
    return session


def _sentence(message: str, field: str | None) -> str:
    return f"Input Error - {field}: {message}" if field else message


def _answer(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    own = {**HEADERS, **(headers or {})}
    if body is None:
        return web.Response(status=status, headers=own)
    return web.Response(text=json.dumps(body), status=status, content_type="application/json", headers=own)


def tenant_uuid(meeting: Meeting) -> str:
    """The tenant's UUID."""
    return uuid_of(meeting.tenant_id)
