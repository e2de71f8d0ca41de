"""Keys for programs, view-only users, the audit log."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing to change yet."""


def downgrade() -> None:
    """Nothing to take back."""
