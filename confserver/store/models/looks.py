"""How tenants dress their waiting rooms."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from confserver.store.models.base import Base, Id


class LookRow(Base):
    """A tenant's; a `..._name` is the digest of what it names. The large columns are read only when asked for."""

    __tablename__ = "looks"

    tenant_id: Mapped[str] = mapped_column(Id, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str | None] = mapped_column(Text)
    background: Mapped[str | None] = mapped_column(String(7))
    accent: Mapped[str | None] = mapped_column(String(7))
    logo_name: Mapped[str | None] = mapped_column(String(32), index=True)
    logo_type: Mapped[str | None] = mapped_column(String(16))
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    music_name: Mapped[str | None] = mapped_column(String(32))
    music: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
