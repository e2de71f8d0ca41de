"""Who waits, who holds a join token, who was shown the door."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing to change yet."""


def downgrade() -> None:
    """Nothing to take back."""
