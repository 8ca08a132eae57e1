"""Ladders know their owner's run and who may answer; maintenance plans."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0002"
branch_labels = None
depends_on = None


OWN = "organization_id = any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"


def codes(*values: str, name: str) -> sa.Enum:
    """Return the column type of a StrEnum."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=50)


def upgrade() -> None:
    """Apply."""
    extend_escalations()
    create_plans()


def extend_escalations() -> None:
    """Add what calls and answers need."""
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


def create_plans() -> None:
    """Create the plans with their rule of tenancy."""
    now = sa.text("now()")
    empty = sa.text("'[]'::jsonb")
    op.create_table(
        "maintenance_plans",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("rvm_machine_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "task_type",
            codes("installation", "maintenance", "repair", "inspection", name="tasktype"),
            nullable=False,
        ),
        sa.Column(
            "priority",
            codes("low", "medium", "high", "urgent", name="priority"),
            server_default="medium",
            nullable=False,
        ),
        sa.Column(
            "rule",
            codes("every_days", "weekdays", "month_day", "month_weekday", name="rulekind"),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("every_days", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("weekdays", postgresql.JSONB(astext_type=sa.Text()), server_default=empty, nullable=False),
        sa.Column("month_day", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("nth", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("time_of_day", sa.Time(), nullable=False),
        sa.Column("ahead_days", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "asks",
            codes("nobody", "person", "list", "access", name="planasks"),
            server_default="nobody",
            nullable=False,
        ),
        sa.Column("people", postgresql.JSONB(astext_type=sa.Text()), server_default=empty, nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("expected_minutes", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("last_assignment_id", sa.BigInteger(), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ahead_days between 0 and 14", name=op.f("ck_maintenance_plans_ahead_days")),
        sa.CheckConstraint("every_days between 1 and 366", name=op.f("ck_maintenance_plans_every_days")),
        sa.CheckConstraint("expected_minutes > 0", name=op.f("ck_maintenance_plans_expected_minutes")),
        sa.CheckConstraint(
            "month_day = -1 or month_day between 1 and 28", name=op.f("ck_maintenance_plans_month_day")
        ),
        sa.CheckConstraint("nth = -1 or nth between 1 and 4", name=op.f("ck_maintenance_plans_nth")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_maintenance_plans_created_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_maintenance_plans_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["rvm_machine_id"], ["rvm_machines.id"], name=op.f("fk_maintenance_plans_rvm_machine_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_plans")),
        sa.UniqueConstraint("source", name=op.f("uq_maintenance_plans_source")),
    )
    op.create_index(
        "ix_maintenance_plans_active",
        "maintenance_plans",
        ["organization_id", "rvm_machine_id"],
        postgresql_where=sa.text("active and deleted_at is null"),
    )
    for column in ("organization_id", "rvm_machine_id"):
        op.create_index(op.f(f"ix_maintenance_plans_{column}"), "maintenance_plans", [column])
    for role in ("siaga_app", "siaga_system"):
        op.execute(f"grant select, insert, update, delete on maintenance_plans to {role}")
    op.execute("grant usage, select on all sequences in schema public to siaga_app, siaga_system")
    op.execute("alter table maintenance_plans enable row level security")
    op.execute(f"create policy tenant on maintenance_plans to siaga_app using ({OWN}) with check ({OWN})")
    op.execute("create policy system on maintenance_plans to siaga_system using (true) with check (true)")


def downgrade() -> None:
    """Take back."""
    op.drop_table("maintenance_plans")
    op.drop_column("escalations", "called")
    op.drop_column("escalations", "rungs")
    op.drop_column("escalations", "owner_workflow_id")
