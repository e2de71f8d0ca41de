"""Keys with which programs use the API: made, shown once, found, revoked.

A key acts for the user who made it, in the role they have at that moment. Keys are random; the database holds their
digests only, so a copy of it opens nothing.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select

from confserver.auth.identity import MeetingAccess, ProgramKey, Role, Session, User
from confserver.errors import Conflict, NotFound, ValidateFailed
from confserver.store.ids import new_id, new_token
from confserver.store.models import ProgramKeyRow, UserRow
from confserver.store.store import Store

PREFIX = "cfk_"
"""How every key begins, so that whoever finds one in a file knows what to revoke."""

MOST_KEYS = 50
"""Of one user."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key and its secret, which nobody can read again later."""

    key: ProgramKey
    secret: str


class ProgramKeys:
    """The keys of all tenants. `now`: the wall clock."""

    def __init__(self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now

    async def create(self, user: User, name: str, access: MeetingAccess, expires_at: datetime | None) -> NewKey:
        """A key for programs of this user. Raises ValidateFailed for one void already, Conflict for too many."""
        if expires_at is not None and expires_at <= self._now():
            raise ValidateFailed("expires_at should be in the future", "expires_at")
        secret = f"{PREFIX}{new_token()}"
        row = ProgramKeyRow(
            id=new_id(),
            user_id=user.id,
            name=name,
            access=access,
            digest=_digest(secret),
            created_at=self._now().replace(microsecond=0),
            expires_at=expires_at,
        )
        async with self._store.transaction() as transaction:
            of_user = select(func.count()).select_from(ProgramKeyRow).where(ProgramKeyRow.user_id == user.id)
            if (await transaction.scalar(of_user) or 0) >= MOST_KEYS:
                raise Conflict(f"You have {MOST_KEYS} keys already; revoke one first.")
            transaction.add(row)
            await transaction.flush()
            await transaction.refresh(row, ["user"])
        return NewKey(ProgramKey.from_row(row), secret)

    async def list(self, viewer: User) -> tuple[ProgramKey, ...]:
        """A user's own keys, all of the tenant's for administrators; oldest first."""
        of_tenant = select(ProgramKeyRow).join(UserRow, ProgramKeyRow.user_id == UserRow.id)
        keys = of_tenant.where(UserRow.tenant_id == viewer.tenant.id)
        if viewer.role is not Role.ADMIN:
            keys = keys.where(ProgramKeyRow.user_id == viewer.id)
        oldest_first = keys.order_by(ProgramKeyRow.created_at, ProgramKeyRow.id)
        rows = await self._store.read(lambda reading: reading.scalars(oldest_first).all())
        return tuple(map(ProgramKey.from_row, rows))

    async def revoke(self, viewer: User, key_id: str) -> None:
        """Voids a key of `list`; raises NotFound for any other."""
        if key_id not in {key.id for key in await self.list(viewer)}:
            raise NotFound("There is no such key.")
        async with self._store.transaction() as transaction:
            await transaction.execute(delete(ProgramKeyRow).where(ProgramKeyRow.id == key_id))

    async def session(self, secret: str) -> Session | None:
        """What a program may do that shows this key; None for one that is not valid, or not any more."""
        query = select(ProgramKeyRow).where(ProgramKeyRow.digest == _digest(secret))
        row = await self._store.read(lambda reading: reading.scalar(query))
        if row is None or (row.expires_at is not None and row.expires_at <= self._now()):
            return None
        return Session.from_key(ProgramKey.from_row(row))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
