"""States of meetings, recurrences, personal rooms, numbers that rest."""

import sqlalchemy as sa
from alembic import op

from confserver.store.columns import UtcTime

revision = "0005"
down_revision = "0004"

ARE_SCHEDULED = """
INSERT INTO lifecycles (meeting_id, state, schedule_mark, is_begun, look_at)
SELECT id, 'READY', '', FALSE, created_at FROM meetings
WHERE scheduled_start_at IS NOT NULL OR scheduled_end_at IS NOT NULL OR purge_at IS NOT NULL
"""
"""Whatever is due of meetings that there are already: the server looks at them once it runs."""


def upgrade() -> None:
    """Adds the columns and makes the tables."""
    op.add_column("meetings", sa.Column("is_personal", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("meetings", sa.Column("known_users_pass", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("meetings", sa.Column("recurrence", sa.String(255), nullable=True))
    op.add_column("tenants", sa.Column("max_online", sa.Integer, nullable=True))
    is_personal = sa.text("is_personal")
    op.create_index(
        "uq_meetings_personal",
        "meetings",
        ["owner_id"],
        unique=True,
        sqlite_where=is_personal,
        postgresql_where=is_personal,
    )
    op.create_table(
        "lifecycles",
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("schedule_mark", sa.String(16), nullable=False),
        sa.Column("occurrence_start_at", UtcTime, nullable=True),
        sa.Column("occurrence_end_at", UtcTime, nullable=True),
        sa.Column("started_at", UtcTime, nullable=True),
        sa.Column("is_begun", sa.Boolean, nullable=False),
        sa.Column("look_at", UtcTime, nullable=True),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_lifecycles"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name="fk_lifecycles_meeting_id", ondelete="CASCADE"),
    )
    op.create_index("ix_lifecycles_look_at", "lifecycles", ["look_at"])
    op.execute(ARE_SCHEDULED)
    op.create_table(
        "retired_numbers",
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("retired_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_retired_numbers"),
    )


def downgrade() -> None:
    """Takes them back."""
    op.drop_table("retired_numbers")
    op.drop_table("lifecycles")
    op.drop_index("uq_meetings_personal", "meetings")
    op.drop_column("tenants", "max_online")
    for column in ("recurrence", "known_users_pass", "is_personal"):
        op.drop_column("meetings", column)
