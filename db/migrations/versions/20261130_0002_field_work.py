"""Field work: offers to several, access, arrival, checklists, undo, escalation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCOPE = "any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"
OWN = f"organization_id = {SCOPE}"
TENANT = {
    "assignment_offers": OWN,
    "machine_grants": OWN,
    "escalations": OWN,
    # A checklist without an organization holds for all of them, and is read by all.
    "checklists": f"organization_id is null or {OWN}",
}
THINGS = "'assignment', 'onboarding', 'machine', 'handshake', 'invite', 'lost_run', 'dialog'"
MORE_THINGS = f"{THINGS}, 'checklist', 'escalation', 'problem', 'plan', 'settings'"
MOVES = (
    "'offer', 'accept', 'decline', 'expire', 'hand_back', 'withdraw', 'start', 'photo', 'complete', "
    "'cancel', 'remind'"
)
MORE_MOVES = f"{MOVES}, 'check', 'undo', 'settle', 'postpone', 'reschedule', 'prioritize'"


def allow(things: str, moves: str) -> None:
    """Let the columns of things with cards and of moves hold these codes."""
    for table, column, codes in (
        ("cards", "thing", things),
        ("deliveries", "thing", things),
        ("assignment_events", "move", moves),
    ):
        name = {"thing": "thing", "move": "assignmentmove"}[column]
        op.execute(f"alter table {table} drop constraint ck_{table}_{name}")
        op.execute(f"alter table {table} add constraint ck_{table}_{name} check ({column} in ({codes}))")


def upgrade() -> None:
    """Apply."""
    create()
    allow(MORE_THINGS, MORE_MOVES)
    for table, condition in TENANT.items():
        for role in ("siaga_app", "siaga_system"):
            op.execute(f"grant select, insert, update, delete on {table} to {role}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy tenant on {table} to siaga_app using ({condition}) with check ({OWN})")
        op.execute(f"create policy system on {table} to siaga_system using (true) with check (true)")
    op.execute("grant select, insert, update, delete on last_positions to siaga_system")
    op.execute("grant usage, select on all sequences in schema public to siaga_app, siaga_system")


def create() -> None:
    """Create tables, columns and indexes, as the models declare them."""
    op.create_table(
        "checklists",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "task_type",
            sa.Enum(
                "installation",
                "maintenance",
                "repair",
                "inspection",
                name="tasktype",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_checklists_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
    )
    op.create_index(
        "uq_checklists_task_type",
        "checklists",
        ["organization_id", "task_type"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "escalations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "owner",
            sa.Enum(
                "assignment",
                "onboarding",
                "machine",
                "handshake",
                "invite",
                "lost_run",
                "dialog",
                "checklist",
                "escalation",
                "problem",
                "plan",
                "settings",
                name="thing",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_accepted",
                "not_started",
                "not_finished",
                name="escalationkind",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "acknowledge",
                "take",
                "snooze",
                name="escalationmove",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=True,
        ),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=100), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_escalations_answered_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_escalations_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
        sa.UniqueConstraint(
            "owner", "owner_id", "started_at", name=op.f("uq_escalations_owner_owner_id_started_at")
        ),
    )
    op.create_index(op.f("ix_escalations_organization_id"), "escalations", ["organization_id"], unique=False)
    op.create_index(
        "ix_escalations_running",
        "escalations",
        ["owner", "owner_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "last_positions",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_last_positions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_last_positions")),
    )
    op.create_table(
        "assignment_offers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_no", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "asked",
                "accepted",
                "declined",
                "expired",
                "taken",
                "withdrawn",
                name="offeroutcome",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default="asked",
            nullable=False,
        ),
        sa.CheckConstraint(
            "(outcome = 'asked') = (answered_at is null)", name=op.f("ck_assignment_offers_answered")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["technician_assignments.id"],
            name=op.f("fk_assignment_offers_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_assignment_offers_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_assignment_offers_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_offers")),
        sa.UniqueConstraint(
            "assignment_id",
            "user_id",
            "offer_no",
            name=op.f("uq_assignment_offers_assignment_id_user_id_offer_no"),
        ),
    )
    op.create_index(
        "ix_assignment_offers_asked",
        "assignment_offers",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("outcome = 'asked'"),
    )
    op.create_table(
        "machine_grants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("rvm_machine_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "manual",
                "assignment",
                name="grantsource",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("assignment_id", sa.BigInteger(), nullable=True),
        sa.Column("granted_by", sa.BigInteger(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(source = 'assignment') = (assignment_id is not null)", name=op.f("ck_machine_grants_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["technician_assignments.id"],
            name=op.f("fk_machine_grants_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["users.id"], name=op.f("fk_machine_grants_granted_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_machine_grants_organization_id")
        ),
        sa.ForeignKeyConstraint(["revoked_by"], ["users.id"], name=op.f("fk_machine_grants_revoked_by")),
        sa.ForeignKeyConstraint(
            ["rvm_machine_id"],
            ["rvm_machines.id"],
            name=op.f("fk_machine_grants_rvm_machine_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_machine_grants_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_grants")),
    )
    op.create_index(
        "ix_machine_grants_live",
        "machine_grants",
        ["user_id", "rvm_machine_id"],
        unique=False,
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.create_index(
        op.f("ix_machine_grants_organization_id"), "machine_grants", ["organization_id"], unique=False
    )
    op.create_index(
        op.f("ix_machine_grants_rvm_machine_id"), "machine_grants", ["rvm_machine_id"], unique=False
    )
    op.create_index(
        "uq_machine_grants_assignment",
        "machine_grants",
        ["assignment_id"],
        unique=True,
        postgresql_where=sa.text("assignment_id is not null and revoked_at is null"),
    )
    op.create_index(
        "uq_machine_grants_manual",
        "machine_grants",
        ["user_id", "rvm_machine_id"],
        unique=True,
        postgresql_where=sa.text("source = 'manual' and revoked_at is null"),
    )
    op.add_column(
        "technician_assignments",
        sa.Column(
            "offer_mode",
            sa.Enum("one", "pool", name="offermode", native_enum=False, create_constraint=True, length=50),
            server_default="one",
            nullable=False,
        ),
    )
    op.add_column(
        "technician_assignments", sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "technician_assignments", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "technician_assignments",
        sa.Column(
            "arrival_method",
            sa.Enum(
                "qr",
                "live",
                "point",
                "none",
                name="arrivalmethod",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "technician_assignments",
        sa.Column(
            "arrival_outcome",
            sa.Enum(
                "confirmed",
                "unproven",
                name="arrivaloutcome",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=True,
        ),
    )
    op.add_column("technician_assignments", sa.Column("arrival_latitude", sa.Double(), nullable=True))
    op.add_column("technician_assignments", sa.Column("arrival_longitude", sa.Double(), nullable=True))
    op.add_column("technician_assignments", sa.Column("arrival_accuracy_m", sa.Double(), nullable=True))
    op.add_column("technician_assignments", sa.Column("arrival_distance_m", sa.Double(), nullable=True))
    op.add_column("technician_assignments", sa.Column("arrival_reason", sa.Text(), nullable=True))
    op.add_column(
        "technician_assignments",
        sa.Column(
            "checklist",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "technician_assignments",
        sa.Column(
            "checklist_answers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Take back."""
    for table in TENANT:
        op.execute(f"drop policy tenant on {table}")
        op.execute(f"drop policy system on {table}")
    allow(THINGS, MOVES)
    op.drop_column("technician_assignments", "checklist_answers")
    op.drop_column("technician_assignments", "checklist")
    op.drop_column("technician_assignments", "arrival_reason")
    op.drop_column("technician_assignments", "arrival_distance_m")
    op.drop_column("technician_assignments", "arrival_accuracy_m")
    op.drop_column("technician_assignments", "arrival_longitude")
    op.drop_column("technician_assignments", "arrival_latitude")
    op.drop_column("technician_assignments", "arrival_outcome")
    op.drop_column("technician_assignments", "arrival_method")
    op.drop_column("technician_assignments", "settled_at")
    op.drop_column("technician_assignments", "undo_until")
    op.drop_column("technician_assignments", "offer_mode")
    op.drop_index(
        "uq_machine_grants_manual",
        table_name="machine_grants",
        postgresql_where=sa.text("source = 'manual' and revoked_at is null"),
    )
    op.drop_index(
        "uq_machine_grants_assignment",
        table_name="machine_grants",
        postgresql_where=sa.text("assignment_id is not null and revoked_at is null"),
    )
    op.drop_index(op.f("ix_machine_grants_rvm_machine_id"), table_name="machine_grants")
    op.drop_index(op.f("ix_machine_grants_organization_id"), table_name="machine_grants")
    op.drop_index(
        "ix_machine_grants_live", table_name="machine_grants", postgresql_where=sa.text("revoked_at is null")
    )
    op.drop_table("machine_grants")
    op.drop_index(
        "ix_assignment_offers_asked",
        table_name="assignment_offers",
        postgresql_where=sa.text("outcome = 'asked'"),
    )
    op.drop_table("assignment_offers")
    op.drop_table("last_positions")
    op.drop_index(
        "ix_escalations_running", table_name="escalations", postgresql_where=sa.text("ended_at is null")
    )
    op.drop_index(op.f("ix_escalations_organization_id"), table_name="escalations")
    op.drop_table("escalations")
    op.drop_index("uq_checklists_task_type", table_name="checklists", postgresql_nulls_not_distinct=True)
    op.drop_table("checklists")
