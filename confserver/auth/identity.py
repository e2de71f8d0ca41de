"""Tenants, users and sessions as values, and what a session may do with a meeting.

It proves nothing about anybody: `confserver.auth.service` does.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from confserver.store.models import SessionRow, TenantRow, UserRow


class Role(StrEnum):
    """What a user may do beside hosting the meetings they own.

    ADMIN hosts every meeting of the tenant; OPERATOR sees every meeting of the tenant; USER sees no other.
    """

    ADMIN = "ADMIN"
    OPERATOR = "OPERATOR"
    USER = "USER"


class Owned(Protocol):
    """Anything that belongs to a user of a tenant."""

    @property
    def tenant_id(self) -> str:
        """Whose it is, the organisation."""
        ...

    @property
    def owner_id(self) -> str:
        """Whose it is, the user."""
        ...


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation; users name its `domain` when they log in."""

    id: str
    domain: str
    name: str

    @classmethod
    def from_row(cls, row: TenantRow) -> "Tenant":
        """The tenant of a row."""
        return cls(row.id, row.domain, row.name)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can log in by `name`; others see `display_name`."""

    id: str
    name: str
    display_name: str
    role: Role
    tenant: Tenant

    @classmethod
    def from_row(cls, row: UserRow) -> "User":
        """The user of a row."""
        return cls(row.id, row.name, row.display_name, Role(row.role), Tenant.from_row(row.tenant))


@dataclass(frozen=True, slots=True)
class Session:
    """A login that is good until `expires_at`."""

    id: str
    user: User
    expires_at: datetime

    @classmethod
    def from_row(cls, row: SessionRow) -> "Session":
        """The session of a row."""
        return cls(row.id, User.from_row(row.user), row.access_expires_at)

    @property
    def tenant(self) -> Tenant:
        """The tenant whose meetings are in sight."""
        return self.user.tenant

    @property
    def role(self) -> Role:
        """The user's role."""
        return self.user.role

    def may_host(self, meeting: Owned) -> bool:
        """Whether this session may change and steer the meeting and see its PINs."""
        is_owner = meeting.owner_id == self.user.id
        return meeting.tenant_id == self.tenant.id and (is_owner or self.role is Role.ADMIN)

    def may_see(self, meeting: Owned) -> bool:
        """Whether the meeting exists for this session at all."""
        return self.may_host(meeting) or (meeting.tenant_id == self.tenant.id and self.role is Role.OPERATOR)
