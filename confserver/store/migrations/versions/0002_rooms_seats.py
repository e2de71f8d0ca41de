"""What outlives a room: its lock, and the seats of those who may come back."""

import sqlalchemy as sa
from alembic import op

from confserver.store.columns import UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "rooms",
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("is_locked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_rooms"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_rooms_meeting_id", ondelete="CASCADE"),
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("display_name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("joined_order", sa.Integer, nullable=False),
        sa.Column("is_self_muted", sa.Boolean, nullable=False),
        sa.Column("is_muted_by_host", sa.Boolean, nullable=False),
        sa.Column("position", sa.Integer, nullable=True),
        sa.Column("is_present", sa.Boolean, nullable=False),
        sa.Column("is_removed", sa.Boolean, nullable=False),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_seats_meeting_id", ondelete="CASCADE"),
    )
    op.create_index("ix_seats_meeting_id", "seats", ["meeting_id"])


def downgrade() -> None:
    """Drops them."""
    op.drop_table("seats")
    op.drop_table("rooms")
