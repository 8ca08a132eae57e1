"""Reports by QR, what a picture looks like, the report of a completed task."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

OWN = "organization_id = any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"


def upgrade() -> None:
    """Apply."""
    create()
    op.add_column("files", sa.Column("look", sa.BigInteger(), nullable=True))
    op.add_column("technician_assignments", sa.Column("report_file_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_technician_assignments_report_file_id"),
        "technician_assignments",
        "files",
        ["report_file_id"],
        ["id"],
    )
    op.add_column("assignment_photos", sa.Column("problem_report_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_assignment_photos_problem_report_id"),
        "assignment_photos",
        "problem_reports",
        ["problem_report_id"],
        ["id"],
    )
    for role in ("siaga_app", "siaga_system"):
        op.execute(f"grant select, insert, update, delete on problem_reports to {role}")
    op.execute("alter table problem_reports enable row level security")
    op.execute(f"create policy tenant on problem_reports to siaga_app using ({OWN}) with check ({OWN})")
    op.execute("create policy system on problem_reports to siaga_system using (true) with check (true)")
    op.execute("grant select, insert, update, delete on report_attempts to siaga_system")
    op.execute("grant usage, select on all sequences in schema public to siaga_app, siaga_system")


def create() -> None:
    """Create the tables, as the models declare them."""
    op.create_table(
        "problem_reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("rvm_machine_id", sa.BigInteger(), nullable=False),
        sa.Column("part_of_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "assigned",
                "dismissed",
                "done",
                name="problemstatus",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "full",
                "wont_open",
                "screen_dark",
                "bottle_stuck",
                "other",
                name="problemkind",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=100), server_default="", nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("reporter_id", sa.BigInteger(), nullable=True),
        sa.Column("reporter_telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("assignment_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status not in ('assigned', 'done') or assignment_id is not null",
            name=op.f("ck_problem_reports_task"),
        ),
        sa.CheckConstraint(
            "status <> 'dismissed' or reason is not null", name=op.f("ck_problem_reports_reason")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_problem_reports_{column}"))
            for column, table in (
                ("organization_id", "organizations"),
                ("rvm_machine_id", "rvm_machines"),
                ("part_of_id", "problem_reports"),
                ("file_id", "files"),
                ("reporter_id", "users"),
                ("assignment_id", "technician_assignments"),
                ("decided_by", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_reports")),
        sa.UniqueConstraint("source", name=op.f("uq_problem_reports_source")),
    )
    for column in ("organization_id", "rvm_machine_id", "part_of_id", "assignment_id"):
        op.create_index(op.f(f"ix_problem_reports_{column}"), "problem_reports", [column])
    op.create_index("ix_problem_reports_digest", "problem_reports", ["digest", "created_at"])
    op.create_index(
        "uq_problem_reports_proposal",
        "problem_reports",
        ["rvm_machine_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open' and part_of_id is null"),
    )
    op.create_table(
        "report_attempts",
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_report_attempts")),
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("assignment_photos", "problem_report_id")
    op.drop_column("technician_assignments", "report_file_id")
    op.drop_column("files", "look")
    op.drop_table("report_attempts")
    op.drop_table("problem_reports")
