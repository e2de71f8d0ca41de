"""States of meetings, recurrences, personal rooms, numbers that rest."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing to change yet."""


def downgrade() -> None:
    """Nothing to take back."""
