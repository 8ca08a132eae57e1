"""People: shifts, the switch by hand, quiet hours, handing over, satisfaction."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

OWN = "organization_id = any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"
TENANT = ("duty_shifts", "duty_switches", "handovers", "satisfaction_answers")
SYSTEM_ONLY = ("quiet_times",)


def upgrade() -> None:
    """Apply."""
    create()
    for table in TENANT:
        for role in ("siaga_app", "siaga_system"):
            op.execute(f"grant select, insert, update, delete on {table} to {role}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy tenant on {table} to siaga_app using ({OWN}) with check ({OWN})")
        op.execute(f"create policy system on {table} to siaga_system using (true) with check (true)")
    for table in SYSTEM_ONLY:
        op.execute(f"grant select, insert, update, delete on {table} to siaga_system")
    op.execute("grant usage, select on all sequences in schema public to siaga_app, siaga_system")


def create() -> None:
    """Create tables and indexes, as the models declare them."""
    op.create_table(
        "duty_shifts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("starts_minute", sa.SmallInteger(), nullable=False),
        sa.Column("ends_minute", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_duty_shifts_weekday")),
        sa.CheckConstraint("starts_minute between 0 and 1439", name=op.f("ck_duty_shifts_starts_minute")),
        sa.CheckConstraint(
            "ends_minute > starts_minute and ends_minute <= starts_minute + 1440",
            name=op.f("ck_duty_shifts_ends_minute"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_duty_shifts_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_duty_shifts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
        sa.UniqueConstraint(
            "user_id",
            "organization_id",
            "weekday",
            "starts_minute",
            name=op.f("uq_duty_shifts_user_id_organization_id_weekday_starts_minute"),
        ),
    )
    op.create_index(op.f("ix_duty_shifts_organization_id"), "duty_shifts", ["organization_id"])
    op.create_table(
        "duty_switches",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("until > since", name=op.f("ck_duty_switches_until")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_duty_switches_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_duty_switches_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "organization_id", name=op.f("pk_duty_switches")),
    )
    op.create_index(op.f("ix_duty_switches_organization_id"), "duty_switches", ["organization_id"])
    op.create_table(
        "quiet_times",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("starts_minute", sa.SmallInteger(), nullable=False),
        sa.Column("ends_minute", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("starts_minute between 0 and 1439", name=op.f("ck_quiet_times_starts_minute")),
        sa.CheckConstraint("ends_minute between 0 and 1439", name=op.f("ck_quiet_times_ends_minute")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_quiet_times_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_quiet_times")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("from_user_id", sa.BigInteger(), nullable=False),
        sa.Column("to_user_id", sa.BigInteger(), nullable=False),
        sa.Column("handed_by", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("from_user_id <> to_user_id", name=op.f("ck_handovers_successor")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_handovers_organization_id")
        ),
        sa.ForeignKeyConstraint(["from_user_id"], ["users.id"], name=op.f("fk_handovers_from_user_id")),
        sa.ForeignKeyConstraint(["to_user_id"], ["users.id"], name=op.f("fk_handovers_to_user_id")),
        sa.ForeignKeyConstraint(["handed_by"], ["users.id"], name=op.f("fk_handovers_handed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("source", name=op.f("uq_handovers_source")),
    )
    op.create_index(op.f("ix_handovers_organization_id"), "handovers", ["organization_id"])
    op.create_table(
        "satisfaction_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stars between 1 and 5", name=op.f("ck_satisfaction_answers_stars")),
        sa.CheckConstraint(
            "(stars is null) = (answered_at is null)", name=op.f("ck_satisfaction_answers_answered")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_satisfaction_answers_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_satisfaction_answers_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satisfaction_answers")),
        sa.UniqueConstraint("user_id", "month", name=op.f("uq_satisfaction_answers_user_id_month")),
    )
    op.create_index(
        op.f("ix_satisfaction_answers_organization_id"), "satisfaction_answers", ["organization_id"]
    )


def downgrade() -> None:
    """Take back."""
    for table in (*TENANT, *SYSTEM_ONLY):
        op.drop_table(table)
