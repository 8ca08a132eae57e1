"""Files that nothing shows any more: their bytes are to leave the byte store."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

USES = (
    ("ticket_attachments", "file_id"),
    ("assignment_photos", "file_id"),
    ("technician_assignments", "report_file_id"),
    ("problem_reports", "file_id"),
)
"""What may show a file: looked up by the file before it is forgotten."""


def upgrade() -> None:
    """Apply."""
    op.add_column("files", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_files_released_at",
        "files",
        ["released_at"],
        postgresql_where=sa.text("released_at is not null"),
    )
    for table, column in USES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Take back."""
    for table, column in USES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    op.drop_index("ix_files_released_at", table_name="files")
    op.drop_column("files", "released_at")
