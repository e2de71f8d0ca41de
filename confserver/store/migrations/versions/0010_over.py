"""When meetings without a schedule are over: which were started, since when nobody is in, locks for the next time."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from confserver.store.columns import UtcTime

revision = "0010"
down_revision = "0009"


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """By table; what is there already was neither started nor locked ahead."""
    return (
        ("lifecycles", sa.Column("is_started", sa.Boolean, nullable=False, server_default=sa.false())),
        ("lifecycles", sa.Column("left_at", UtcTime, nullable=True)),
        ("rooms", sa.Column("is_locked_ahead", sa.Boolean, nullable=False, server_default=sa.false())),
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
