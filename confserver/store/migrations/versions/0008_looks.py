"""How tenants dress their waiting rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "looks",
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=True),
        sa.Column("background", sa.String(7), nullable=True),
        sa.Column("accent", sa.String(7), nullable=True),
        sa.Column("logo_name", sa.String(32), nullable=True),
        sa.Column("logo_type", sa.String(16), nullable=True),
        sa.Column("logo", sa.LargeBinary, nullable=True),
        sa.Column("music_name", sa.String(32), nullable=True),
        sa.Column("music", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_looks"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_looks_tenant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_looks_logo_name", "looks", ["logo_name"])


def downgrade() -> None:
    """Drops it."""
    op.drop_table("looks")
