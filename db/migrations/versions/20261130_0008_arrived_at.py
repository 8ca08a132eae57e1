"""When a technician was there: a queue that reaches us an hour late tells of then."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "technician_assignments", sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("technician_assignments", "arrived_at")
