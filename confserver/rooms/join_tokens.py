"""Join tokens: signed invitations to one meeting, each with a name, a role and an expiry, revocable, one-time if asked.

A token says what it was made with, for the page that shows it; what it is worth is what storage holds. What its holder
may do at the door is decided by `admission`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete, func, select, update

from confserver.errors import Conflict, NotFound
from confserver.events import RoomEvent, RoomEventKind
from confserver.meetings.meeting import Meeting
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.store.ids import new_id
from confserver.store.models import JoinTokenRow
from confserver.store.store import Store

MAX_CHARACTERS = 1024
"""As docs/protocol.md has it; nothing is computed on longer ones."""

MOST_OF_MEETING = 500
"""Tokens that have not expired."""

PURPOSE = "join"
"""Goes into the signature, so that nothing else signed with this key lets anybody in."""


@dataclass(frozen=True, slots=True)
class JoinToken:
    """An invitation. `display_name` None: whoever uses it chooses one. Times are UTC; only one-time tokens are used."""

    id: str
    meeting_id: str
    display_name: str | None
    role: Role
    is_one_time: bool
    created_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an invitation is to be."""

    display_name: str | None
    role: Role
    is_one_time: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token; its text cannot be read again later."""

    token: JoinToken
    text: str = field(repr=False)


class JoinTokens:
    """Signs with a key of 32 bytes. All calls raise Unavailable when the database cannot be used now.

    `on_event` hears of what was issued and revoked.
    """

    def __init__(self, store: Store, key: bytes) -> None:
        self.on_event: Callable[[RoomEvent], None] = lambda event: None
        self._store = store
        signing: dict[str, Any] = {"key_derivation": "hmac", "digest_method": sha256}
        # A name is written as it is: of escapes, the longest would not fit.
        self._serializer = URLSafeSerializer(
            key, salt=PURPOSE, serializer_kwargs={"ensure_ascii": False}, signer_kwargs=signing
        )

    async def issue(self, meeting: Meeting, wanted: Wanted, by: Actor) -> Issued:
        """A new token; `by` is who invites. Raises Conflict when the meeting has too many."""
        now = _now()
        row = JoinTokenRow(
            id=new_id(),
            meeting_id=meeting.id,
            display_name=wanted.display_name,
            role=wanted.role.value,
            is_one_time=wanted.is_one_time,
            created_by=by.name,
            created_at=now,
            expires_at=wanted.expires_at,
        )
        async with self._store.transaction() as transaction:
            of_meeting = JoinTokenRow.meeting_id == meeting.id
            await transaction.execute(delete(JoinTokenRow).where(of_meeting, JoinTokenRow.expires_at <= now))
            there = await transaction.scalar(select(func.count()).select_from(JoinTokenRow).where(of_meeting))
            if (there or 0) >= MOST_OF_MEETING:
                raise Conflict(f"A meeting has {MOST_OF_MEETING} join tokens at most.")
            transaction.add(row)
        token = _token(row)
        self._tell(RoomEventKind.INVITATION_ISSUED, meeting, by, token)
        name, expires_at = token.display_name, int(token.expires_at.timestamp())
        return Issued(token, self._serializer.dumps([token.id, token.meeting_id, name, token.role.value, expires_at]))

    async def of_meeting(self, meeting_id: str) -> tuple[JoinToken, ...]:
        """All that are stored, oldest first."""
        wanted = select(JoinTokenRow).where(JoinTokenRow.meeting_id == meeting_id).order_by(JoinTokenRow.created_at)
        return tuple(map(_token, await self._store.read(lambda reading: reading.scalars(wanted).all())))

    async def revoke(self, meeting: Meeting, token_id: str, by: Actor) -> None:
        """Nobody gets in with it any more; who is in stays. Raises NotFound."""
        wanted = delete(JoinTokenRow).where(JoinTokenRow.id == token_id, JoinTokenRow.meeting_id == meeting.id)
        async with self._store.transaction() as transaction:
            row = await transaction.scalar(wanted.returning(JoinTokenRow))
            token = _token(row) if row else None
        if token is None:
            raise NotFound("There is no such join token.")
        self._tell(RoomEventKind.INVITATION_REVOKED, meeting, by, token)

    async def read(self, text: str) -> JoinToken | None:
        """The token of a text; None for one that we have not signed, or that was revoked."""
        if len(text) > MAX_CHARACTERS or not text.isascii():
            return None
        try:
            token_id, *_ = self._serializer.loads(text)
        except BadData:
            return None
        query = select(JoinTokenRow).where(JoinTokenRow.id == token_id)
        row = await self._store.read(lambda reading: reading.scalar(query))
        return _token(row) if row else None

    async def use(self, token_id: str) -> bool:
        """Use a one-time token; False for whoever is not the first, however close behind."""
        unused = update(JoinTokenRow).where(JoinTokenRow.id == token_id, JoinTokenRow.used_at.is_(None))
        async with self._store.transaction() as transaction:
            used = await transaction.scalar(unused.values(used_at=_now()).returning(JoinTokenRow.id))
        return used is not None

    async def write(self, given_back: frozenset[str]) -> None:
        """Whoever used these did not get in, so they may be used again; see `given_back`."""
        unused = update(JoinTokenRow).where(JoinTokenRow.id.in_(given_back)).values(used_at=None)
        async with self._store.transaction() as transaction:
            await transaction.execute(unused)

    def _tell(self, kind: RoomEventKind, meeting: Meeting, by: Actor, token: JoinToken) -> None:
        """Which one it is, not what is in it that lets somebody in."""
        role = token.role.value
        told = {"token_id": token.id, "display_name": token.display_name, "role": role, **by.signature}
        self.on_event(RoomEvent(kind, meeting.id, None, role, meeting.tenant_id, told))


def _token(row: JoinTokenRow) -> JoinToken:
    return JoinToken(
        id=row.id,
        meeting_id=row.meeting_id,
        display_name=row.display_name,
        role=Role(row.role),
        is_one_time=row.is_one_time,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
