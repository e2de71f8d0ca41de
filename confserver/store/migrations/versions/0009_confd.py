"""Accounts of meetings' telephony guests, and the public addresses that tenants give them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "guest_accounts",
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_guest_accounts"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_guest_accounts_meeting_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("name", name="uq_guest_accounts_name"),
    )
    op.create_table(
        "ingresses",
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("uri", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_ingresses"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_ingresses_tenant_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("ingresses")
    op.drop_table("guest_accounts")
