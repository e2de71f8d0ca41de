"""The tables of the database.

Rows hold what is stored, not what is meant: `confserver.meetings` and `confserver.auth` turn them into values. A change
here needs a migration beside it; a test compares the two.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from confserver.store.columns import UtcTime

Id = String(32)


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can change it on any database."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class TenantRow(Base):
    """An organisation; its people and meetings are invisible to others."""

    __tablename__ = "tenants"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    domain: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


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


class CounterRow(Base):
    """A number that only grows, so that what was deleted is not given away again."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class MeetingRow(Base):
    """A meeting; the fields of `MeetingDefinition` under their own names, PINs sealed."""

    __tablename__ = "meetings"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    extension_number: Mapped[str] = mapped_column(String(64), unique=True)
    access_key: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    revision: Mapped[int] = mapped_column()

    subject: Mapped[str] = mapped_column(String(64))
    mode: Mapped[str] = mapped_column(String(16))
    timezone: Mapped[str] = mapped_column(String(64))
    control: Mapped[str] = mapped_column(String(16))
    width: Mapped[int]
    height: Mapped[int]
    bitrate: Mapped[int]
    framerate: Mapped[int]
    layout: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(35))
    capacity: Mapped[int]
    room_pin: Mapped[bytes | None] = mapped_column(LargeBinary)
    admin_pin: Mapped[bytes | None] = mapped_column(LargeBinary)
    enable_recording: Mapped[bool]
    enable_prompt: Mapped[bool]
    scheduled_start_at: Mapped[datetime | None] = mapped_column(UtcTime)
    scheduled_end_at: Mapped[datetime | None] = mapped_column(UtcTime)
    internal_invitees: Mapped[list[str]] = mapped_column(JSON)
    external_invitees: Mapped[str | None] = mapped_column(Text)
    outbound_caller_ids: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    custom_options: Mapped[str | None] = mapped_column(Text)
    start_by: Mapped[str] = mapped_column(String(16))
    waiting_room: Mapped[str] = mapped_column(String(16))
    purge_at: Mapped[datetime | None] = mapped_column(UtcTime)
    no_show_close: Mapped[int | None]
    close_on_nobody: Mapped[bool]
    end_with_last_host: Mapped[bool]
    max_duration: Mapped[int | None]
    mute_on_entry: Mapped[bool]

    tenant: Mapped[TenantRow] = relationship(lazy="joined", innerjoin=True)
    owner: Mapped[UserRow] = relationship(lazy="joined", innerjoin=True)

    # Two who change a meeting at once would undo each other's work: the second is refused.
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - read once, by SQLAlchemy


class RoomRow(Base):
    """What outlives a room: the state of a meeting that is set while people are in."""

    __tablename__ = "rooms"

    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    is_locked: Mapped[bool]


class SeatRow(Base):
    """A seat in a meeting; its id is that of the participant who has it, or had it and may come back."""

    __tablename__ = "seats"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    display_name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    joined_order: Mapped[int]
    is_self_muted: Mapped[bool]
    is_muted_by_host: Mapped[bool]
    position: Mapped[int | None]
    is_present: Mapped[bool]
    is_removed: Mapped[bool]
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
