"""Keys of programs, what was done by the API, media servers beside this one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confserver.store.columns import UtcTime
from confserver.store.models.accounts import UserRow
from confserver.store.models.base import Base, Id


class ProgramKeyRow(Base):
    """A key that acts for its user; of the key itself only the SHA-256 digest is kept, in hexadecimal."""

    __tablename__ = "program_keys"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    access: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    user: Mapped[UserRow] = relationship(lazy="joined", innerjoin=True)


class AuditRow(Base):
    """One call that changed something, or was refused; it outlives the user, the key and the meeting it tells of."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_tenant_id", "tenant_id", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    username: Mapped[str] = mapped_column(String(64))
    key_name: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(128))
    meeting_id: Mapped[str | None] = mapped_column(String(64))
    target_id: Mapped[str | None] = mapped_column(String(64))
    fields: Mapped[str] = mapped_column(String(255))
    source: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    code: Mapped[str | None] = mapped_column(String(32))


class ConferenceServerRow(Base):
    """A media server somewhere else, as an administrator has described it."""

    __tablename__ = "conference_servers"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    enabled: Mapped[bool]
    ipv4: Mapped[str | None] = mapped_column(String(15))
    ipv6: Mapped[str | None] = mapped_column(String(45))
    max_rooms: Mapped[int | None]
    max_participants: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
