"""Logs people in and out, and tells whose an access token is.

It knows no HTTP, and not what a session may do (`confserver.auth.identity`). Tokens are random and opaque; the database
holds their digests only, so a copy of it opens no session (RFC 6750 section 5.2).
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from confserver.auth.accounts import DEFAULT_DOMAIN, find_user
from confserver.auth.attempts import Attempts
from confserver.auth.identity import Session
from confserver.auth.keys import PREFIX, ProgramKeys
from confserver.auth.passwords import Passwords
from confserver.errors import Unauthorized
from confserver.store.ids import new_id, new_token
from confserver.store.models import SessionRow, UserRow
from confserver.store.store import Store

MOST_SESSIONS = 50
"""Of one user; the oldest give way."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody says who wants to log in; `source` is the network address they say it from."""

    username: str
    password: str
    domain: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A session and the two tokens that nobody can read again later; `expires_in` seconds."""

    session: Session
    access_token: str
    refresh_token: str
    expires_in: int


class Auth:
    """Sessions, and the keys of programs. `now` is the wall clock, `monotonic` the one that measures waiting."""

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        access_token_s: int = 3600,
        refresh_token_s: int = 1_209_600,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._access_token_s = access_token_s
        self._refresh_token_s = refresh_token_s
        self._now = now
        self._monotonic = monotonic
        self.keys = ProgramKeys(store, now)
        # An account waits shortly, so that nobody can lock its owner out; a source may hold many people.
        self._by_account = Attempts(free=5, longest_wait_s=30.0)
        self._by_source = Attempts(free=20, longest_wait_s=300.0)

    async def login(self, given: Credentials) -> Grant:
        """A new session.

        Raises Unauthorized, in the same words and the same time whether name or password is wrong, and
        TooManyRequests after several failures, or, without counting as one, when too many log in at once.
        """
        domain = given.domain or DEFAULT_DOMAIN
        account = f"{domain}/{given.username}".casefold()
        self._check_waits(account, given.source)
        user = await find_user(self._store, domain, given.username)
        self._begin_attempt(account, given.source)
        if not await self._passwords.verify(user.password_hash if user else None, given.password) or user is None:
            raise Unauthorized("User name, password or domain is wrong.")
        self._by_account.succeeded(account)
        self._by_source.succeeded(given.source)
        async with self._store.transaction() as transaction:
            await self._make_room(transaction, user)
            return await self._grant(transaction, SessionRow(id=new_id(), user_id=user.id, created_at=self._now()))

    async def refresh(self, refresh_token: str) -> Grant:
        """The same session with fresh tokens; the old ones are void. Raises Unauthorized."""
        async with self._store.transaction() as transaction:
            row = await transaction.scalar(
                select(SessionRow).where(SessionRow.refresh_digest == _digest(refresh_token)).with_for_update()
            )
            if row is None or row.refresh_expires_at <= self._now():
                raise Unauthorized("The refresh token is not valid any more.")
            return await self._grant(transaction, row)

    async def session_by_token(self, access_token: str) -> Session | None:
        """Whose this access token or program's key is; None if nobody's, or not any more."""
        if access_token.startswith(PREFIX):
            return await self.keys.session(access_token)
        query = select(SessionRow).where(SessionRow.access_digest == _digest(access_token))
        row = await self._store.read(lambda reading: reading.scalar(query))
        return Session.from_row(row) if row and row.access_expires_at > self._now() else None

    async def logout(self, session: Session) -> None:
        """Ends the session; both its tokens are void."""
        async with self._store.transaction() as transaction:
            await transaction.execute(delete(SessionRow).where(SessionRow.id == session.id))

    def _check_waits(self, account: str, source: str) -> None:
        now = self._monotonic()
        self._by_source.check(source, now)
        self._by_account.check(account, now)

    def _begin_attempt(self, account: str, source: str) -> None:
        """Nothing may be awaited between this and the look at the password: else the capacity may be gone by then."""
        # All checks first: what is not looked at counts for nobody, and a source that has to wait must not spend an
        # account's attempts, which would lock its owner out.
        self._check_waits(account, source)
        self._passwords.check_capacity()
        now = self._monotonic()
        self._by_account.begin(account, now)
        self._by_source.begin(source, now)

    async def _grant(self, transaction: AsyncSession, row: SessionRow) -> Grant:
        access_token, refresh_token, now = new_token(), new_token(), self._now()
        row.access_digest, row.refresh_digest = _digest(access_token), _digest(refresh_token)
        row.access_expires_at = now + timedelta(seconds=self._access_token_s)
        row.refresh_expires_at = now + timedelta(seconds=self._refresh_token_s)
        transaction.add(row)
        await transaction.flush()
        await transaction.refresh(row, ["user"])
        return Grant(Session.from_row(row), access_token, refresh_token, self._access_token_s)

    async def _make_room(self, transaction: AsyncSession, user: UserRow) -> None:
        """Forgets the user's expired sessions, and the oldest if there are too many."""
        await transaction.execute(
            delete(SessionRow).where(SessionRow.user_id == user.id, SessionRow.refresh_expires_at <= self._now())
        )
        newest = select(SessionRow.id).where(SessionRow.user_id == user.id).order_by(SessionRow.created_at.desc())
        surplus = (await transaction.scalars(newest.offset(MOST_SESSIONS - 1))).all()
        await transaction.execute(delete(SessionRow).where(SessionRow.id.in_(surplus)))


def _digest(token: str) -> str:
    # A header may hold any bytes; those that are no UTF-8 arrive as lone surrogates.
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
