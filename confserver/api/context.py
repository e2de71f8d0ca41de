"""What the calls of the API work with.

It is put together by whoever composes the server; nothing here decides anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from confserver.audit.log import AuditLog
from confserver.auth.accounts import Accounts
from confserver.auth.identity import Session
from confserver.auth.service import Auth
from confserver.errors import Forbidden, NotFound, Unauthorized
from confserver.http.pace import Pace
from confserver.meetings.links import Links
from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.join_tokens import JoinTokens
from confserver.rooms.lifetimes import Lifetimes
from confserver.rooms.live import LiveRooms, Preview
from confserver.servers.servers import ConferenceServers
from confserver.stream.stream import Stream
from confserver.tenants.looks import Looks
from confserver.tenants.music import MusicMaker


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The services behind the API; `preview` is the rule of admission, `lookups` bounds the calls without a login."""

    auth: Auth
    meetings: Meetings
    links: Links
    live: LiveRooms
    preview: Preview
    stream: Stream
    lifetimes: Lifetimes
    accounts: Accounts
    audit: AuditLog
    servers: ConferenceServers
    join_tokens: JoinTokens
    looks: Looks
    music: MusicMaker = field(default_factory=MusicMaker)
    lookups: Pace = field(default_factory=lambda: Pace(per_s=5.0, burst=60))


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated, validated call: `body` and `query` are of the models its operation names.

    `meeting`: that of the path, if there is one and `caller` may see it - and host it, if the call changes something.
    """

    context: ApiContext
    path: Mapping[str, str]
    body: Any
    query: Any
    source: str
    caller: Session | None
    meeting: Meeting | None = None

    @property
    def session(self) -> Session:
        """Whose call this is; raises Unauthorized in a public operation."""
        if self.caller is None:
            raise Unauthorized("This needs a login.")
        return self.caller

    @property
    def actor(self) -> Actor:
        """Who steers a room, for one who may host its meeting."""
        return actor_of(self.session)

    async def visible_meeting(self) -> Meeting:
        """The meeting of the path; raises NotFound if it does not exist for this session."""
        return self.meeting or await visible_meeting(self.context, self.session, self.path["meeting_id"])

    async def hosted_meeting(self) -> Meeting:
        """The meeting of the path, to change or steer; raises NotFound, or Forbidden if it may only be seen."""
        meeting = await self.visible_meeting()
        check_host(self.session, meeting)
        return meeting


def actor_of(session: Session) -> Actor:
    """Who steers a room, for one who may host its meeting."""
    if session.key is not None:
        return Actor("key", session.key.id, session.key.name, Role.HOST)
    return Actor("user", session.user.id, session.user.display_name, Role.HOST)


async def visible_meeting(context: ApiContext, session: Session, meeting_id: str) -> Meeting:
    """The meeting with this id; raises NotFound if it does not exist for this session."""
    meeting = await context.meetings.by_id(meeting_id)
    if meeting is None or not session.may_see(meeting):
        raise NotFound("There is no such meeting.")
    return meeting


def check_host(session: Session, meeting: Meeting) -> None:
    """Raises Forbidden if the meeting may only be seen."""
    if not session.may_host(meeting):
        raise Forbidden("Only its owner or an administrator may do this to a meeting.")
