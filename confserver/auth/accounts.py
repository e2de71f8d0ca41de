"""Makes and finds tenants and users.

It opens no session: `confserver.auth.service` does.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from confserver.auth.identity import MeetingAccess, Role, Tenant, User
from confserver.auth.passwords import Passwords
from confserver.errors import Conflict, NotFound
from confserver.listing.fields import Fields, ListField
from confserver.listing.page import Page
from confserver.listing.reading import read_rows
from confserver.store.ids import new_id
from confserver.store.models import SessionRow, TenantRow, UserRow
from confserver.store.store import Store

DEFAULT_DOMAIN = "default"
"""The tenant of everybody who names no domain."""

USER_FIELDS: Fields = {
    "id": ListField(UserRow.id, str),
    "username": ListField(UserRow.name, str),
    "display_name": ListField(UserRow.display_name, str),
    "role": ListField(UserRow.role, str),
    "meeting_access": ListField(UserRow.meeting_access, str),
    "created_at": ListField(UserRow.created_at, datetime),
}


@dataclass(frozen=True, slots=True)
class UserChanges:
    """What to change of a user; None: nothing."""

    password: str | None = field(repr=False)
    display_name: str | None
    role: Role | None
    meeting_access: MeetingAccess | None


async def find_user(store: Store, domain: str, name: str) -> UserRow | None:
    """The row of a user; capital and small letters differ."""
    query = select(UserRow).join(TenantRow).where(TenantRow.domain == domain, UserRow.name == name)
    return await store.read(lambda reading: reading.scalar(query))


class Accounts:
    """Tenants and users."""

    def __init__(self, store: Store, passwords: Passwords) -> None:
        self._store = store
        self._passwords = passwords

    async def tenant(self, domain: str = DEFAULT_DOMAIN) -> Tenant | None:
        """The tenant of a domain."""
        query = select(TenantRow).where(TenantRow.domain == domain)
        row = await self._store.read(lambda reading: reading.scalar(query))
        return Tenant.from_row(row) if row else None

    async def ensure_tenant(self, domain: str = DEFAULT_DOMAIN) -> Tenant:
        """The tenant of a domain, made if there is none."""
        found = await self.tenant(domain)
        if found is None:
            row = TenantRow(id=new_id(), domain=domain, name=domain, created_at=datetime.now(UTC))
            async with self._store.transaction() as transaction:
                transaction.add(row)
            found = Tenant.from_row(row)
        return found

    async def limit(self, domain: str, max_online: int | None) -> None:
        """Let so many meetings of the tenant run at once; None: as the settings say. Raises NotFound."""
        limited = update(TenantRow).where(TenantRow.domain == domain).values(max_online=max_online)
        async with self._store.transaction() as transaction:
            if await transaction.scalar(limited.returning(TenantRow.id)) is None:
                raise NotFound(f"There is no tenant {domain!r}.")

    async def add(
        self,
        tenant: Tenant,
        name: str,
        password: str,
        role: Role = Role.USER,
        display_name: str = "",
        meeting_access: MeetingAccess = MeetingAccess.FULL,
    ) -> User:
        """A new user; raises Conflict if the name is taken within the tenant."""
        row = UserRow(
            id=new_id(),
            tenant_id=tenant.id,
            name=name,
            display_name=display_name or name,
            password_hash=await self._passwords.hash(password),
            role=role,
            meeting_access=meeting_access,
            created_at=datetime.now(UTC).replace(microsecond=0),
        )
        try:
            async with self._store.transaction() as transaction:
                transaction.add(row)
        except IntegrityError:
            raise Conflict(f"There is a user {name!r} already.", "name") from None
        return User(row.id, name, row.display_name, role, tenant, meeting_access, row.created_at)

    async def find(self, name: str, domain: str = DEFAULT_DOMAIN) -> User | None:
        """The user with this name."""
        row = await find_user(self._store, domain, name)
        return User.from_row(row) if row else None

    async def by_id(self, tenant: Tenant, user_id: str) -> User:
        """The tenant's user with this id; raises NotFound."""
        return User.from_row(_there(await self._store.read(lambda reading: reading.scalar(_by_id(tenant, user_id)))))

    async def list(self, tenant: Tenant, page: Page) -> tuple[int | None, tuple[User, ...]]:
        """How many users the tenant has, if that is wanted, and those of the page, by name."""
        conditions = [UserRow.tenant_id == tenant.id]
        if page.condition is not None:
            conditions.append(page.condition)
        if page.search:
            names = (UserRow.name, UserRow.display_name)
            conditions.append(or_(*(name.icontains(page.search, autoescape=True) for name in names)))
        users = select(UserRow).where(*conditions).order_by(*page.order, UserRow.name)
        total, rows = await read_rows(self._store, page, users)
        return total, tuple(map(User.from_row, rows))

    async def change(self, tenant: Tenant, user_id: str, changes: UserChanges) -> User:
        """The user with some things changed; a new password ends all their sessions.

        Raises NotFound, and Conflict for the tenant's only administrator who would be none any more.
        """
        password_hash = await self._passwords.hash(changes.password) if changes.password else None
        async with self._store.transaction() as transaction:
            row = _there(await transaction.scalar(_by_id(tenant, user_id)))
            row.display_name = changes.display_name or row.display_name
            row.role = changes.role or row.role
            row.meeting_access = changes.meeting_access or row.meeting_access
            if password_hash:
                row.password_hash = password_hash
                await transaction.execute(delete(SessionRow).where(SessionRow.user_id == row.id))
            await transaction.flush()
            in_charge = select(UserRow.id).where(
                UserRow.tenant_id == tenant.id,
                UserRow.role == Role.ADMIN,
                UserRow.meeting_access == MeetingAccess.FULL,
            )
            if await transaction.scalar(in_charge.limit(1)) is None:
                raise Conflict("Nobody would be left to administer the tenant.", "role")
            return User.from_row(row)

    async def first_admin(self, tenant: Tenant) -> User | None:
        """The administrator the tenant has had longest."""
        admins = select(UserRow).where(UserRow.tenant_id == tenant.id, UserRow.role == Role.ADMIN)
        row = await self._store.read(lambda reading: reading.scalar(admins.order_by(UserRow.created_at).limit(1)))
        return User.from_row(row) if row else None


def _by_id(tenant: Tenant, user_id: str) -> Select[Any]:
    return select(UserRow).where(UserRow.id == user_id, UserRow.tenant_id == tenant.id)


def _there(row: UserRow | None) -> UserRow:
    if row is None:
        raise NotFound("There is no such user.")
    return row
