"""Measures: whose a reserved number is, and looking at deliveries and events by time."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("numbers", sa.Column("organization_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_deliveries_created_at", "deliveries", ["created_at"], postgresql_using="brin")
    op.create_index("ix_audit_events_at", "audit_events", ["at"], postgresql_using="brin")


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_audit_events_at", table_name="audit_events")
    op.drop_index("ix_deliveries_created_at", table_name="deliveries")
    op.drop_column("numbers", "organization_id")
