"""What outlives a room of its controls."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing to change yet."""


def downgrade() -> None:
    """Nothing to take back."""
