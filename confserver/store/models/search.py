"""What meetings are found by: their words, and how many there are for whom.

Triggers on `meetings` keep these tables (migration 0007), so that nobody who writes a meeting has to think of them.
Beside them stands `meeting_search`, a full-text index of SQLite (FTS5) over the texts of `meeting_texts`.
"""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from confserver.store.models.base import Base, Id

SEARCH_TABLE = "meeting_search"


class MeetingScopeRow(Base):
    """A tenant or a user who has meetings, and how many.

    `mark`: three letters of Unicode's private use area that stand for them in the index, which finds three letters in
    a row and nothing shorter.
    """

    __tablename__ = "meeting_scopes"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    mark: Mapped[str | None] = mapped_column(String(3))
    meetings: Mapped[int]


class MeetingTextRow(Base):
    """The words of a meeting. `number` ascends in the order in which meetings were made; two marks say whose it is."""

    __tablename__ = "meeting_texts"

    number: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meetings.id", ondelete="CASCADE"), unique=True)
    tenant: Mapped[str] = mapped_column(String(3))
    owner: Mapped[str] = mapped_column(String(3))
    subject: Mapped[str] = mapped_column(String(64))
    extension_number: Mapped[str] = mapped_column(String(64))
