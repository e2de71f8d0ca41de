"""Who waits at a meeting's door, who holds a token for it, who was shown it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from confserver.store.columns import UtcTime
from confserver.store.models.base import Base, Id


class OfMeeting:
    """What goes with its meeting."""

    id: Mapped[str] = mapped_column(Id, primary_key=True)

    @declared_attr
    def meeting_id(self) -> Mapped[str]:
        """The meeting's."""
        return mapped_column(Id, ForeignKey("meetings.id", ondelete="CASCADE"), index=True)


class Marked:
    """What tells a person again; of a device only a digest."""

    source: Mapped[str] = mapped_column(String(64))
    device: Mapped[str | None] = mapped_column(String(32))
    user_id: Mapped[str | None] = mapped_column(Id)
    token_id: Mapped[str | None] = mapped_column(Id)


class WaitingRow(OfMeeting, Marked, Base):
    """Somebody in the waiting room, with what a host has said of them."""

    __tablename__ = "waiting"

    tenant_id: Mapped[str] = mapped_column(Id)
    guest_id: Mapped[str | None] = mapped_column(String(64))
    display_name: Mapped[str] = mapped_column(String(128))
    since: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str] = mapped_column(String(16))
    word: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    is_known: Mapped[bool]
    is_verified: Mapped[bool]
    was_removed: Mapped[bool]
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_by_id: Mapped[str | None] = mapped_column(String(64))


class BanRow(OfMeeting, Marked, Base):
    """Somebody who may not come back."""

    __tablename__ = "bans"

    seat_id: Mapped[str] = mapped_column(Id)
    display_name: Mapped[str] = mapped_column(String(128))
    is_lasting: Mapped[bool]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcTime)


class JoinTokenRow(OfMeeting, Base):
    """An invitation with a name of its own. What its holder shows is signed and not stored."""

    __tablename__ = "join_tokens"

    display_name: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    is_one_time: Mapped[bool]
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
