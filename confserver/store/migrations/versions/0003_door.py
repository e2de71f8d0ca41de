"""Who waits, who holds a join token, who was shown the door."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from confserver.store.columns import UtcTime

revision = "0003"
down_revision = "0002"


def _make(table: str, *columns: sa.Column[Any]) -> None:
    """A table of what goes with its meeting."""
    op.create_table(
        table,
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("meeting_id", sa.String(32), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=f"fk_{table}_meeting_id", ondelete="CASCADE"),
    )
    op.create_index(f"ix_{table}_meeting_id", table, ["meeting_id"])


def _marks() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("device", sa.String(32), nullable=True),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("token_id", sa.String(32), nullable=True),
    )


def upgrade() -> None:
    """Makes the tables."""
    _make(
        "waiting",
        *_marks(),
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("guest_id", sa.String(64), nullable=True),
        sa.Column("display_name", sa.String(128), nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("word", sa.String(200), nullable=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("is_known", sa.Boolean, nullable=False),
        sa.Column("is_verified", sa.Boolean, nullable=False),
        sa.Column("was_removed", sa.Boolean, nullable=False),
        sa.Column("decided_at", UtcTime, nullable=True),
        sa.Column("decided_by", sa.String(64), nullable=True),
    )
    _make(
        "bans",
        *_marks(),
        sa.Column("seat_id", sa.String(32), nullable=False),
        sa.Column("display_name", sa.String(128), nullable=False),
        sa.Column("is_lasting", sa.Boolean, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
    )
    _make(
        "join_tokens",
        sa.Column("display_name", sa.String(64), nullable=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("is_one_time", sa.Boolean, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("used_at", UtcTime, nullable=True),
    )


def downgrade() -> None:
    """Drops them."""
    for table in ("join_tokens", "bans", "waiting"):
        op.drop_table(table)
