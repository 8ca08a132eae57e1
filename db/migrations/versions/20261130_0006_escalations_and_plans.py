"""Ladders know their owner's run, how many rungs there are, and who may answer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("escalations", sa.Column("owner_workflow_id", sa.String(length=100), nullable=False))
    op.add_column("escalations", sa.Column("rungs", sa.SmallInteger(), nullable=False))
    op.add_column(
        "escalations",
        sa.Column(
            "called",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("escalations", "called")
    op.drop_column("escalations", "rungs")
    op.drop_column("escalations", "owner_workflow_id")
