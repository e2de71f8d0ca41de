"""What outlives a room and its connections."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from confserver.store.columns import UtcTime
from confserver.store.models.base import Base, Id


class RoomRow(Base):
    """What outlives a room: the state of a meeting that is set while people are in."""

    __tablename__ = "rooms"

    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    is_locked: Mapped[bool]
    chairman_id: Mapped[str | None] = mapped_column(Id)
    is_chair_given: Mapped[bool]
    spotlight_id: Mapped[str | None] = mapped_column(Id)
    is_locked_ahead: Mapped[bool]


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
    is_camera_stopped: Mapped[bool]
    has_floor: Mapped[bool]
    is_verified: Mapped[bool]
    source: Mapped[str] = mapped_column(String(64))
    device: Mapped[str | None] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(Id)
    token_id: Mapped[str | None] = mapped_column(Id)
    position: Mapped[int | None]
    is_present: Mapped[bool]
    is_removed: Mapped[bool]
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
