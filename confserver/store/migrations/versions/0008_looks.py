"""How tenants dress their waiting rooms; the accounts of telephony guests."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing to change yet."""


def downgrade() -> None:
    """Nothing to take back."""
