"""What the calls of the API work with.

It is put together by whoever composes the server; nothing here decides anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from confserver.auth.identity import Session
from confserver.auth.service import Auth
from confserver.errors import Forbidden, NotFound, Unauthorized
from confserver.http.pace import Pace
from confserver.meetings.links import Links
from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.rooms.live import LiveRooms, Preview


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The services behind the API; `preview` is the rule of admission, `lookups` bounds the calls without a login."""

    auth: Auth
    meetings: Meetings
    links: Links
    live: LiveRooms
    preview: Preview
    lookups: Pace = field(default_factory=lambda: Pace(per_s=5.0, burst=60))


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated, validated call: `body` and `query` are of the models its operation names."""

    context: ApiContext
    path: Mapping[str, str]
    body: Any
    query: Any
    source: str
    caller: Session | None

    @property
    def session(self) -> Session:
        """Whose call this is; raises Unauthorized in a public operation."""
        if self.caller is None:
            raise Unauthorized("This needs a login.")
        return self.caller

    async def visible_meeting(self) -> Meeting:
        """The meeting of the path; raises NotFound if it does not exist for this session."""
        meeting = await self.context.meetings.by_id(self.path["meeting_id"])
        if meeting is None or not self.session.may_see(meeting):
            raise NotFound("There is no such meeting.")
        return meeting

    async def hosted_meeting(self) -> Meeting:
        """The meeting of the path, to change or steer; raises NotFound, or Forbidden if it may only be seen."""
        meeting = await self.visible_meeting()
        if not self.session.may_host(meeting):
            raise Forbidden("Only its owner or an administrator may do this to a meeting.")
        return meeting
