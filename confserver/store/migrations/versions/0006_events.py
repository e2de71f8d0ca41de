"""The stream of events, and the call records made from it."""

import sqlalchemy as sa
from alembic import op

from confserver.store.columns import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "streams",
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("head", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_streams"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_streams_tenant_id", ondelete="CASCADE"),
    )
    op.create_table(
        "events",
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(64), nullable=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("detail", sa.String(64), nullable=True),
        sa.Column("data", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "number", name="pk_events"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_events_tenant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_events_meeting_id", "events", ["meeting_id", "number"])
    op.create_index("ix_events_owner_id", "events", ["tenant_id", "owner_id", "number"])
    op.create_index("ix_events_at", "events", ["at"])
    _create_call_records()


def downgrade() -> None:
    """Drops them."""
    op.drop_table("call_records")
    op.drop_table("events")
    op.drop_table("streams")


def _create_call_records() -> None:
    op.create_table(
        "call_records",
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("first_event", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("extension_number", sa.String(64), nullable=False),
        sa.Column("participant_id", sa.String(64), nullable=True),
        sa.Column("display_name", sa.String(128), nullable=True),
        sa.Column("role", sa.String(16), nullable=True),
        sa.Column("via", sa.String(16), nullable=True),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime, nullable=True),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.Column("most_participants", sa.Integer, nullable=True),
        sa.Column("legs", sa.Integer, nullable=True),
        sa.Column("last_event", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "first_event", name="pk_call_records"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_call_records_tenant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_call_records_started_at", "call_records", ["tenant_id", "started_at"])
    op.create_index("ix_call_records_owner_id", "call_records", ["tenant_id", "owner_id", "started_at"])
    op.create_index("ix_call_records_ended_at", "call_records", ["ended_at"])
