"""Makes and finds tenants and users.

It opens no session: `confserver.auth.service` does.
"""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from confserver.auth.identity import MeetingAccess, Role, Tenant, User
from confserver.auth.passwords import Passwords
from confserver.errors import Conflict, NotFound
from confserver.store.ids import new_id
from confserver.store.models import TenantRow, UserRow
from confserver.store.store import Store

DEFAULT_DOMAIN = "default"
"""The tenant of everybody who names no domain."""


async def find_user(reading: AsyncSession, domain: str, name: str) -> UserRow | None:
    """The row of a user; capital and small letters differ."""
    query = select(UserRow).join(TenantRow).where(TenantRow.domain == domain, UserRow.name == name)
    row: UserRow | None = await reading.scalar(query)
    return row


class Accounts:
    """Tenants and users."""

    def __init__(self, store: Store, passwords: Passwords) -> None:
        self._store = store
        self._passwords = passwords

    async def tenant(self, domain: str = DEFAULT_DOMAIN) -> Tenant | None:
        """The tenant of a domain."""
        async with self._store.reading() as reading:
            row = await reading.scalar(select(TenantRow).where(TenantRow.domain == domain))
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
        async with self._store.reading() as reading:
            row = await find_user(reading, domain, name)
        return User.from_row(row) if row else None

    async def first_admin(self, tenant: Tenant) -> User | None:
        """The administrator the tenant has had longest."""
        admins = select(UserRow).where(UserRow.tenant_id == tenant.id, UserRow.role == Role.ADMIN)
        async with self._store.reading() as reading:
            row = await reading.scalar(admins.order_by(UserRow.created_at).limit(1))
        return User.from_row(row) if row else None
