"""Who can log in: tenants, users, sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confserver.store.columns import UtcTime
from confserver.store.models.base import Base, Id


class TenantRow(Base):
    """An organisation; its people and meetings are invisible to others.

    `max_online`: how many of its meetings may run at once; None: as many as the settings say for all.
    """

    __tablename__ = "tenants"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    domain: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    max_online: Mapped[int | None]


class UserRow(Base):
    """Somebody who can log in; `name` is unique within the tenant."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    display_name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    meeting_access: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    tenant: Mapped[TenantRow] = relationship(lazy="joined", innerjoin=True)


class SessionRow(Base):
    """A login; of its two tokens only the SHA-256 digests are kept, in hexadecimal."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    access_digest: Mapped[str] = mapped_column(String(64), unique=True)
    refresh_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    access_expires_at: Mapped[datetime] = mapped_column(UtcTime)
    refresh_expires_at: Mapped[datetime] = mapped_column(UtcTime)
    user: Mapped[UserRow] = relationship(lazy="joined", innerjoin=True)
