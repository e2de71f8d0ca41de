"""Keys for programs, view-only users, the audit log, other media servers, and what meetings are found by."""

# ruff: noqa: S608 - statements are made of words that stand here

import sqlalchemy as sa
from alembic import op

from confserver.store.columns import UtcTime

revision = "0007"
down_revision = "0006"

SEARCH = """
CREATE VIRTUAL TABLE meeting_search USING fts5(
    tenant, owner, subject, extension_number,
    content = 'meeting_texts', content_rowid = 'number', tokenize = 'trigram', columnsize = 0
)
"""
"""Three letters in a row are a word here, so that any part of a subject is found (https://www.sqlite.org/fts5.html)."""

COLUMNS = "tenant, owner, subject, extension_number"
OLD = "old.number, old.tenant, old.owner, old.subject, old.extension_number"
NEW = "new.number, new.tenant, new.owner, new.subject, new.extension_number"
MARK = "char(57344 + number % 6400, 57344 + number / 6400 % 6400, 57344 + number / 40960000)"
"""The private use area has 6400 letters, from U+E000."""

TEXT_TRIGGERS = {
    "meeting_texts_added": f"""AFTER INSERT ON meeting_texts BEGIN
        INSERT INTO meeting_search (rowid, {COLUMNS}) VALUES ({NEW}); END""",
    "meeting_texts_removed": f"""AFTER DELETE ON meeting_texts BEGIN
        INSERT INTO meeting_search (meeting_search, rowid, {COLUMNS}) VALUES ('delete', {OLD}); END""",
    "meeting_texts_changed": f"""AFTER UPDATE ON meeting_texts BEGIN
        INSERT INTO meeting_search (meeting_search, rowid, {COLUMNS}) VALUES ('delete', {OLD});
        INSERT INTO meeting_search (rowid, {COLUMNS}) VALUES ({NEW}); END""",
}
MEETING_TRIGGERS = {
    "meetings_added": f"""AFTER INSERT ON meetings BEGIN
        INSERT OR IGNORE INTO meeting_scopes (id, meetings) VALUES (new.tenant_id, 0), (new.owner_id, 0);
        UPDATE meeting_scopes SET meetings = meetings + 1, mark = {MARK} WHERE id IN (new.tenant_id, new.owner_id);
        INSERT INTO meeting_texts (meeting_id, {COLUMNS})
            SELECT new.id, whose.mark, who.mark, new.subject, new.extension_number
            FROM meeting_scopes AS whose, meeting_scopes AS who
            WHERE whose.id = new.tenant_id AND who.id = new.owner_id;
        END""",
    "meetings_removed": """BEFORE DELETE ON meetings BEGIN
        UPDATE meeting_scopes SET meetings = meetings - 1 WHERE id IN (old.tenant_id, old.owner_id);
        DELETE FROM meeting_texts WHERE meeting_id = old.id; END""",
    "meetings_renamed": """AFTER UPDATE OF subject, extension_number ON meetings BEGIN
        UPDATE meeting_texts SET subject = new.subject, extension_number = new.extension_number
            WHERE meeting_id = new.id; END""",
}
ARE_THERE = (
    "INSERT INTO meeting_scopes (id, meetings) SELECT tenant_id, count(*) FROM meetings GROUP BY tenant_id",
    "INSERT INTO meeting_scopes (id, meetings) SELECT owner_id, count(*) FROM meetings GROUP BY owner_id",
    f"UPDATE meeting_scopes SET mark = {MARK}",
    """INSERT INTO meeting_texts (meeting_id, tenant, owner, subject, extension_number)
        SELECT meetings.id, whose.mark, who.mark, subject, extension_number FROM meetings
        JOIN meeting_scopes AS whose ON whose.id = tenant_id JOIN meeting_scopes AS who ON who.id = owner_id
        ORDER BY created_at, extension_number""",
)
"""What there is before the triggers are."""


def upgrade() -> None:
    """Makes the tables, the index and the triggers."""
    op.add_column("users", sa.Column("meeting_access", sa.String(16), nullable=False, server_default="FULL"))
    _keys()
    _audit()
    _servers()
    _search()


def downgrade() -> None:
    """Takes them back."""
    for name in (*MEETING_TRIGGERS, *TEXT_TRIGGERS):
        op.execute(f"DROP TRIGGER {name}")
    op.drop_index("ix_meetings_schedule", "meetings")
    for table in ("meeting_search", "meeting_texts", "meeting_scopes", "conference_servers", "audit", "program_keys"):
        op.drop_table(table)
    op.drop_column("users", "meeting_access")


def _keys() -> None:
    op.create_table(
        "program_keys",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("access", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_program_keys"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_program_keys_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("digest", name="uq_program_keys_digest"),
    )
    op.create_index("ix_program_keys_user_id", "program_keys", ["user_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(32), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("key_name", sa.String(64), nullable=True),
        sa.Column("action", sa.String(128), nullable=False),
        sa.Column("meeting_id", sa.String(64), nullable=True),
        sa.Column("target_id", sa.String(64), nullable=True),
        sa.Column("fields", sa.String(255), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("code", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_audit_tenant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_audit_tenant_id", "audit", ["tenant_id", "number"])
    op.create_index("ix_audit_at", "audit", ["at"])


def _servers() -> None:
    op.create_table(
        "conference_servers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("ipv4", sa.String(15), nullable=True),
        sa.Column("ipv6", sa.String(45), nullable=True),
        sa.Column("max_rooms", sa.Integer, nullable=True),
        sa.Column("max_participants", sa.Integer, nullable=True),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conference_servers"),
        sa.UniqueConstraint("name", name="uq_conference_servers_name"),
    )


def _search() -> None:
    op.create_index("ix_meetings_schedule", "meetings", ["tenant_id", "scheduled_start_at"])
    op.create_table(
        "meeting_scopes",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("mark", sa.String(3), nullable=True),
        sa.Column("meetings", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_meeting_scopes"),
        sa.UniqueConstraint("id", name="uq_meeting_scopes_id"),
    )
    op.create_table(
        "meeting_texts",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("meeting_id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(3), nullable=False),
        sa.Column("owner", sa.String(3), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("extension_number", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_meeting_texts"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_meeting_texts_meeting_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("meeting_id", name="uq_meeting_texts_meeting_id"),
    )
    op.execute(SEARCH)
    for name, body in TEXT_TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")
    for statement in ARE_THERE:
        op.execute(statement)
    for name, body in MEETING_TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")
