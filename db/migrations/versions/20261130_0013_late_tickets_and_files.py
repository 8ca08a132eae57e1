"""Files that nothing shows any more leave the byte store; late tickets have cards; drafts ask for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

USES = (
    ("ticket_attachments", "file_id"),
    ("assignment_photos", "file_id"),
    ("technician_assignments", "report_file_id"),
    ("problem_reports", "file_id"),
)
"""What may show a file: looked up by the file before it is forgotten."""

THINGS = (
    "'assignment', 'onboarding', 'machine', 'handshake', 'invite', 'lost_run', 'dialog', 'checklist', "
    "'escalation', 'problem', 'plan', 'settings', 'ticket', 'join_request', 'ticket_draft'"
)

STEPS = "'where', 'ready', 'effect', 'effect_to_send', 'module', 'category'"


def ask(steps: str) -> None:
    """Let drafts be at these steps."""
    op.execute("alter table ticket_drafts drop constraint ck_ticket_drafts_draftstep")
    op.execute(
        f"alter table ticket_drafts add constraint ck_ticket_drafts_draftstep check (step in ({steps}))"
    )


def allow(things: str) -> None:
    """Let the columns of things hold these codes."""
    for table, column in (("cards", "thing"), ("deliveries", "thing"), ("escalations", "owner")):
        op.execute(f"alter table {table} drop constraint ck_{table}_thing")
        op.execute(f"alter table {table} add constraint ck_{table}_thing check ({column} in ({things}))")


def upgrade() -> None:
    """Apply."""
    allow(f"{THINGS}, 'late_tickets'")
    ask(f"{STEPS}, 'pharmacy'")
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
    op.execute("delete from deliveries where thing = 'late_tickets'")
    op.execute("delete from cards where thing = 'late_tickets'")
    allow(THINGS)
    op.execute("update ticket_drafts set step = 'ready' where step = 'pharmacy'")
    ask(STEPS)
