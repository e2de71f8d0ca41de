"""Tenants, users, keys and sessions as values, and what a session may do with a meeting.

It proves nothing about anybody: `confserver.auth.service` does.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from confserver.store.models import ProgramKeyRow, SessionRow, TenantRow, UserRow


class Role(StrEnum):
    """What a user may do beside hosting the meetings they own.

    ADMIN hosts every meeting of the tenant; OPERATOR sees every meeting of the tenant; USER sees no other.
    """

    ADMIN = "ADMIN"
    OPERATOR = "OPERATOR"
    USER = "USER"


class MeetingAccess(StrEnum):
    """How far a role reaches into the meetings in its sight: FULL as far as it goes, VIEW no further than looking."""

    FULL = "FULL"
    VIEW = "VIEW"


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
    meeting_access: MeetingAccess
    created_at: datetime

    @classmethod
    def from_row(cls, row: UserRow) -> "User":
        """The user of a row."""
        return cls(
            row.id,
            row.name,
            row.display_name,
            Role(row.role),
            Tenant.from_row(row.tenant),
            MeetingAccess(row.meeting_access),
            row.created_at,
        )


@dataclass(frozen=True, slots=True)
class ProgramKey:
    """A key with which a program acts for `user`, no further than `access`; `expires_at` None: until it is revoked."""

    id: str
    name: str
    access: MeetingAccess
    user: User
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def from_row(cls, row: ProgramKeyRow) -> "ProgramKey":
        """The key of a row."""
        return cls(row.id, row.name, MeetingAccess(row.access), User.from_row(row.user), row.created_at, row.expires_at)


@dataclass(frozen=True, slots=True)
class Session:
    """A login, or the use of a `key`, that is good until `expires_at`."""

    id: str
    user: User
    expires_at: datetime | None
    key: ProgramKey | None = None

    @classmethod
    def from_row(cls, row: SessionRow) -> "Session":
        """The session of a login."""
        return cls(row.id, User.from_row(row.user), row.access_expires_at)

    @classmethod
    def from_key(cls, key: ProgramKey) -> "Session":
        """The session of a program."""
        return cls(key.id, key.user, key.expires_at, key)

    @property
    def tenant(self) -> Tenant:
        """The tenant whose meetings are in sight."""
        return self.user.tenant

    @property
    def role(self) -> Role:
        """The user's role."""
        return self.user.role

    @property
    def may_change(self) -> bool:
        """Whether this session may change anything at all."""
        return self.user.meeting_access is MeetingAccess.FULL and (
            self.key is None or self.key.access is MeetingAccess.FULL
        )

    @property
    def sees_all(self) -> bool:
        """Whether every meeting of the tenant exists for this session."""
        return self.role in {Role.ADMIN, Role.OPERATOR}

    def may_host(self, meeting: Owned) -> bool:
        """Whether this session may change and steer the meeting and see its PINs."""
        is_theirs = meeting.owner_id == self.user.id or self.role is Role.ADMIN
        return meeting.tenant_id == self.tenant.id and is_theirs and self.may_change

    def may_see(self, meeting: Owned) -> bool:
        """Whether the meeting exists for this session at all."""
        is_in_sight = meeting.owner_id == self.user.id or self.sees_all
        return meeting.tenant_id == self.tenant.id and is_in_sight
