"""Indexes by which lists of many meetings are filtered and ordered, and what SQLite shall think of their sizes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

INDEXES = {
    "ix_meetings_subject": ("tenant_id", "subject"),
    "ix_meetings_list": (
        *("tenant_id", "created_at", "extension_number", "id", "owner_id", "subject", "mode", "control", "layout"),
        *("language", "timezone", "capacity", "enable_recording", "enable_prompt", "scheduled_start_at"),
        *("scheduled_end_at", "start_by", "waiting_room", "purge_at", "close_on_nobody", "end_with_last_host"),
        *("max_duration", "mute_on_entry", "known_users_pass", "is_personal", "recurrence"),
    ),
}
EXPECTED = {
    "ix_meetings_list": "100000 50000 10 1 1",
    "ix_meetings_schedule": "100000 50000 10",
    "ix_meetings_subject": "100000 50000 10",
    "ix_meetings_tenant_id": "100000 50000",
    "ix_meetings_owner_id": "100000 50000",
}
"""How many meetings there are in all, of one tenant, of one tenant and subject, when SQLite plans a query, however few
they are at that moment (https://www.sqlite.org/fileformat2.html#stat1tab). Else it takes all of a tenant for ten."""


def upgrade() -> None:
    """Makes them."""
    for name, columns in INDEXES.items():
        op.create_index(name, "meetings", list(columns), if_not_exists=True)  # 0007 made them for a while
    op.execute("ANALYZE meeting_scopes")  # makes the table of statistics
    op.execute("DELETE FROM sqlite_stat1")
    numbers = sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('meetings', :idx, :stat)")
    op.get_bind().execute(numbers, [{"idx": name, "stat": stat} for name, stat in EXPECTED.items()])


def downgrade() -> None:
    """Takes them back."""
    op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'meetings'")
    for name in INDEXES:
        op.drop_index(name, "meetings")
