"""Who let somebody in is known by their id, too: two may bear the same name."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Adds the column."""
    op.add_column("waiting", sa.Column("decided_by_id", sa.String(64), nullable=True))


def downgrade() -> None:
    """Drops it."""
    op.drop_column("waiting", "decided_by_id")
