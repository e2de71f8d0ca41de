"""The first schema: tenants, users, sessions, meetings, and the counter that numbers them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from confserver.store.columns import UtcTime

revision = "0001"
down_revision = None

FIRST_EXTENSION = 110_200_800


def upgrade() -> None:
    """Makes the tables."""
    _people()
    _meetings()
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.bulk_insert(counters, [{"name": "extension_number", "value": FIRST_EXTENSION - 1}])


def downgrade() -> None:
    """Drops them."""
    for table in ("counters", "meetings", "sessions", "users", "tenants"):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("domain", sa.String(255), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
        sa.UniqueConstraint("domain", name="uq_tenants_domain"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("display_name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_users_tenant_id", ondelete="CASCADE"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_users_tenant_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("access_digest", sa.String(64), nullable=False),
        sa.Column("refresh_digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("access_expires_at", UtcTime, nullable=False),
        sa.Column("refresh_expires_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("access_digest", name="uq_sessions_access_digest"),
        sa.UniqueConstraint("refresh_digest", name="uq_sessions_refresh_digest"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])


def _meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False),
        sa.Column("extension_number", sa.String(64), nullable=False),
        sa.Column("access_key", sa.String(32), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        *_definition(),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_meetings_tenant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_meetings_owner_id", ondelete="CASCADE"),
        sa.UniqueConstraint("extension_number", name="uq_meetings_extension_number"),
        sa.UniqueConstraint("access_key", name="uq_meetings_access_key"),
    )
    op.create_index("ix_meetings_tenant_id", "meetings", ["tenant_id"])
    op.create_index("ix_meetings_owner_id", "meetings", ["owner_id"])


def _definition() -> tuple[sa.Column[Any], ...]:
    required: dict[str, Any] = {
        "subject": sa.String(64),
        "mode": sa.String(16),
        "timezone": sa.String(64),
        "control": sa.String(16),
        "width": sa.Integer(),
        "height": sa.Integer(),
        "bitrate": sa.Integer(),
        "framerate": sa.Integer(),
        "layout": sa.String(16),
        "language": sa.String(35),
        "capacity": sa.Integer(),
        "enable_recording": sa.Boolean(),
        "enable_prompt": sa.Boolean(),
        "internal_invitees": sa.JSON(),
        "outbound_caller_ids": sa.JSON(),
        "start_by": sa.String(16),
        "waiting_room": sa.String(16),
        "close_on_nobody": sa.Boolean(),
        "end_with_last_host": sa.Boolean(),
        "mute_on_entry": sa.Boolean(),
    }
    optional: dict[str, Any] = {
        "room_pin": sa.LargeBinary(),
        "admin_pin": sa.LargeBinary(),
        "scheduled_start_at": UtcTime(),
        "scheduled_end_at": UtcTime(),
        "external_invitees": sa.Text(),
        "custom_options": sa.Text(),
        "purge_at": UtcTime(),
        "no_show_close": sa.Integer(),
        "max_duration": sa.Integer(),
    }
    return (
        *(sa.Column(name, kind, nullable=False) for name, kind in required.items()),
        *(sa.Column(name, kind, nullable=True) for name, kind in optional.items()),
    )
