"""Stored meetings, and the numbers they are dialled by."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from confserver.store.columns import UtcTime
from confserver.store.models.base import Base, Id


class CounterRow(Base):
    """A number that only grows, so that what was deleted is not given away again."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


LISTED = (
    *("tenant_id", "created_at", "extension_number", "id", "owner_id", "subject", "mode", "control", "layout"),
    *("language", "timezone", "capacity", "enable_recording", "enable_prompt", "scheduled_start_at"),
    *("scheduled_end_at", "start_by", "waiting_room", "purge_at", "close_on_nobody", "end_with_last_host"),
    *("max_duration", "mute_on_entry", "known_users_pass", "is_personal", "recurrence"),
)
"""What lists may be filtered by, behind whose and when: an index of all that answers a filter without a single row."""


class MeetingRow(Base):
    """A meeting; the fields of `MeetingDefinition` under their own names, PINs sealed."""

    __tablename__ = "meetings"
    # One personal room each, however many ask for theirs at once.
    __table_args__ = (
        Index("ix_meetings_schedule", "tenant_id", "scheduled_start_at"),
        Index("ix_meetings_subject", "tenant_id", "subject"),
        Index("ix_meetings_list", *LISTED),
        Index(
            "uq_meetings_personal",
            "owner_id",
            unique=True,
            sqlite_where=text("is_personal"),
            postgresql_where=text("is_personal"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    extension_number: Mapped[str] = mapped_column(String(64), unique=True)
    access_key: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    revision: Mapped[int] = mapped_column()
    is_personal: Mapped[bool]

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
    known_users_pass: Mapped[bool]
    purge_at: Mapped[datetime | None] = mapped_column(UtcTime)
    no_show_close: Mapped[int | None]
    close_on_nobody: Mapped[bool]
    end_with_last_host: Mapped[bool]
    max_duration: Mapped[int | None]
    mute_on_entry: Mapped[bool]
    recurrence: Mapped[str | None] = mapped_column(String(255))

    # Two who change a meeting at once would undo each other's work: the second is refused.
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - read once, by SQLAlchemy


class LifecycleRow(Base):
    """How far a meeting has come; none is that of one to which nothing has happened, and nothing will by itself.

    `look_at`: when something may be due, and the server looks at it.
    """

    __tablename__ = "lifecycles"

    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(500))
    schedule_mark: Mapped[str] = mapped_column(String(16))
    occurrence_start_at: Mapped[datetime | None] = mapped_column(UtcTime)
    occurrence_end_at: Mapped[datetime | None] = mapped_column(UtcTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcTime)
    is_begun: Mapped[bool]
    is_started: Mapped[bool]
    left_at: Mapped[datetime | None] = mapped_column(UtcTime)
    look_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)


class RetiredNumberRow(Base):
    """The number of a meeting that was deleted: whoever still dials it should not reach strangers."""

    __tablename__ = "retired_numbers"

    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    retired_at: Mapped[datetime] = mapped_column(UtcTime)
