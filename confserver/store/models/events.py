"""The stream of events, how far it has come, and the call records that are made from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from confserver.store.columns import UtcTime
from confserver.store.models.base import Base, Id


class StreamRow(Base):
    """How far a tenant's stream has come: numbers go on even when old events were forgotten."""

    __tablename__ = "streams"

    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    head: Mapped[int]


class EventRow(Base):
    """Something that happened. The meeting may be gone, what happened in it stays."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_meeting_id", "meeting_id", "number"),
        Index("ix_events_owner_id", "tenant_id", "owner_id", "number"),
        Index("ix_events_at", "at"),
    )

    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    meeting_id: Mapped[str] = mapped_column(Id)
    owner_id: Mapped[str] = mapped_column(Id)
    participant_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[float] = mapped_column(Float)
    detail: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class CallRecordRow(Base):
    """One leg, or one meeting from its opening to its end; without `ended_at` while it lasts."""

    __tablename__ = "call_records"
    __table_args__ = (
        Index("ix_call_records_started_at", "tenant_id", "started_at"),
        Index("ix_call_records_owner_id", "tenant_id", "owner_id", "started_at"),
        Index("ix_call_records_ended_at", "ended_at"),
    )

    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    first_event: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    meeting_id: Mapped[str] = mapped_column(Id)
    owner_id: Mapped[str] = mapped_column(Id)
    subject: Mapped[str] = mapped_column(String(64))
    extension_number: Mapped[str] = mapped_column(String(64))
    participant_id: Mapped[str | None] = mapped_column(String(64))
    display_name: Mapped[str | None] = mapped_column(String(128))
    role: Mapped[str | None] = mapped_column(String(16))
    via: Mapped[str | None] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reason: Mapped[str | None] = mapped_column(String(64))
    most_participants: Mapped[int | None]
    legs: Mapped[int | None]
    last_event: Mapped[int | None]
