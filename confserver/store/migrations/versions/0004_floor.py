"""What outlives a room of its controls: chairman, spotlight, floors, stopped cameras, and what tells a person again."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """By table; who sits there already has none of it."""
    return (
        ("rooms", sa.Column("chairman_id", sa.String(32), nullable=True)),
        ("rooms", sa.Column("is_chair_given", sa.Boolean, nullable=False, server_default=sa.false())),
        ("rooms", sa.Column("spotlight_id", sa.String(32), nullable=True)),
        ("seats", sa.Column("is_camera_stopped", sa.Boolean, nullable=False, server_default=sa.false())),
        ("seats", sa.Column("has_floor", sa.Boolean, nullable=False, server_default=sa.false())),
        ("seats", sa.Column("is_verified", sa.Boolean, nullable=False, server_default=sa.false())),
        ("seats", sa.Column("source", sa.String(64), nullable=False, server_default="")),
        ("seats", sa.Column("device", sa.String(64), nullable=True)),
        ("seats", sa.Column("user_id", sa.String(32), nullable=True)),
        ("seats", sa.Column("token_id", sa.String(32), nullable=True)),
    )


def upgrade() -> None:
    """Adds the columns."""
    for table, column in _columns():
        op.add_column(table, column)


def downgrade() -> None:
    """Drops them."""
    for table, column in _columns():
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column.name)
