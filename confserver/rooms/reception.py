"""Finds the meeting that somebody knocks at and what their login and tokens are worth: the part of the door that asks
storage.

It decides nothing but that they have named no meeting that exists for them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from confserver.auth.identity import Session, User
from confserver.auth.service import Auth
from confserver.errors import Unavailable
from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.rooms.admission import Login
from confserver.rooms.join_tokens import JoinToken, JoinTokens
from confserver.rooms.marks import Marks, device_digest
from confserver.rooms.names import passes_for
from confserver.rooms.seat_tokens import SeatClaim, SeatTokens
from signaling.errors import RefusalReason, Refused
from signaling.ports import Knock


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the door. `meeting` None: behind a number that leads nowhere.

    `user`: by their login, `login`: what it says of them here; `token` and `claim`: what their join token and their
    seat token say, None if nothing that counts in this meeting.
    """

    knock: Knock
    meeting: Meeting | None
    login: Login = Login.NONE
    user: User | None = None
    token: JoinToken | None = None
    claim: SeatClaim | None = None

    @property
    def marks(self) -> Marks:
        """What tells them again."""
        return Marks(
            source=self.knock.source,
            device=device_digest(self.meeting.id, self.knock.device) if self.meeting else None,
            user_id=self.user.id if self.user else None,
            token_id=self.token.id if self.token else None,
        )

    @property
    def is_known(self) -> bool:
        """Whether they have a login of the meeting's tenant."""
        return self.login is not Login.NONE

    @property
    def has_own_name(self) -> bool:
        """Whether their login says that this is their name."""
        own = [self.user.display_name] if self.user is not None and self.is_known else []
        return passes_for(self.knock.display_name, own)


class Reception:
    """`clock` gives Unix seconds; `is_remembered` says whether a claim is to a seat or a place that is remembered."""

    def __init__(
        self,
        meetings: Meetings,
        auth: Auth,
        seats: SeatTokens,
        join_tokens: JoinTokens,
        is_remembered: Callable[[SeatClaim], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._meetings = meetings
        self._auth = auth
        self._seats = seats
        self._join_tokens = join_tokens
        self._is_remembered = is_remembered
        self._clock = clock

    async def receive(self, knock: Knock) -> Visitor:
        """Raises Refused NOT_FOUND, NOT_ALLOWED, UNAVAILABLE."""
        try:
            return await self._look_up(knock)
        except Unavailable as error:
            raise Refused(RefusalReason.UNAVAILABLE, error.retry_after_s) from error

    async def _look_up(self, knock: Knock) -> Visitor:
        claim = self._seats.read(knock.seat_token, self._clock()) if knock.seat_token else None
        token = await self._join_tokens.read(knock.join_token) if knock.join_token else None
        if knock.number:
            # No login: a stranger is to learn nothing of meetings but by the PIN.
            meeting, session = await self._meetings.by_extension(knock.number), None
        else:
            session = await self._auth.session_by_token(knock.token) if knock.token else None
            meeting = await self._named(knock, session, token, claim)
        if meeting is None:
            return Visitor(knock, None)
        return Visitor(
            knock,
            meeting,
            _login(session, meeting),
            session.user if session else None,
            token if token is not None and token.meeting_id == meeting.id else None,
            claim if claim is not None and claim.meeting_id == meeting.id else None,
        )

    async def _named(
        self, knock: Knock, session: Session | None, token: JoinToken | None, claim: SeatClaim | None
    ) -> Meeting:
        if knock.access_key:
            meeting = await self._meetings.by_access_key(knock.access_key)
        else:
            asked_to = {token.meeting_id} if token else set()
            if claim is not None and self._is_remembered(claim):
                asked_to.add(claim.meeting_id)
            if session is None and not asked_to:
                raise Refused(RefusalReason.NOT_ALLOWED)
            meeting = await self._meetings.by_id(knock.meeting_id or "")
            # Somebody else's meeting does not exist for them, unless they were in it or are asked to it.
            is_theirs = meeting is not None and session is not None and session.may_see(meeting)
            if meeting is not None and not is_theirs and meeting.id not in asked_to:
                meeting = None
        if meeting is None:
            raise Refused(RefusalReason.NOT_FOUND)
        return meeting


def _login(session: Session | None, meeting: Meeting) -> Login:
    if session is None or session.tenant.id != meeting.tenant_id:
        return Login.NONE
    return Login.HOST if session.may_host(meeting) else Login.KNOWN
