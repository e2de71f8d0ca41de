"""The stream of events, and the call records made from it."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing to change yet."""


def downgrade() -> None:
    """Nothing to take back."""
