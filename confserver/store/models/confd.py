"""What the telephony platform's window keeps beside meetings: accounts of their guests, and where it is reached."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from confserver.store.models.base import Base, Id


class GuestAccountRow(Base):
    """The SIP account of one meeting's guests; it goes with the meeting. The password is sealed."""

    __tablename__ = "guest_accounts"

    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    password: Mapped[bytes] = mapped_column(LargeBinary)


class IngressRow(Base):
    """The public address that a tenant's guests are given."""

    __tablename__ = "ingresses"

    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    uri: Mapped[str] = mapped_column(Text)
