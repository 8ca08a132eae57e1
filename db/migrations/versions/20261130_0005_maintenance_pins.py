"""Maintenance PINs: slots of people at machines, and the log of what was issued and used."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0008"
branch_labels = None
depends_on = None

OWN = "organization_id = any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"
TABLES = ("maintenance_slots", "maintenance_pins")


def upgrade() -> None:
    """Apply."""
    create()
    for table in TABLES:
        for role in ("siaga_app", "siaga_system"):
            op.execute(f"grant select, insert, update, delete on {table} to {role}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy tenant on {table} to siaga_app using ({OWN}) with check ({OWN})")
        op.execute(f"create policy system on {table} to siaga_system using (true) with check (true)")
    op.execute("grant usage, select on all sequences in schema public to siaga_app, siaga_system")


def create() -> None:
    """Create the tables, as the models declare them."""
    op.create_table(
        "maintenance_slots",
        sa.Column("rvm_machine_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("slot between 0 and 99", name=op.f("ck_maintenance_slots_slot")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_maintenance_slots_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["rvm_machine_id"],
            ["rvm_machines.id"],
            name=op.f("fk_maintenance_slots_rvm_machine_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_maintenance_slots_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rvm_machine_id", "slot", name=op.f("pk_maintenance_slots")),
        sa.UniqueConstraint(
            "rvm_machine_id", "user_id", name=op.f("uq_maintenance_slots_rvm_machine_id_user_id")
        ),
    )
    op.create_index(
        op.f("ix_maintenance_slots_organization_id"), "maintenance_slots", ["organization_id"], unique=False
    )
    op.create_table(
        "maintenance_pins",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("rvm_machine_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("visit_window", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("assignment_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "issued",
                "opened",
                "unexpected",
                name="pinoutcome",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("(outcome = 'issued') = (used_at is null)", name=op.f("ck_maintenance_pins_used")),
        sa.CheckConstraint(
            "(outcome = 'unexpected') = (issued_at is null)", name=op.f("ck_maintenance_pins_issued")
        ),
        sa.CheckConstraint(
            "issued_at is null or user_id is not null", name=op.f("ck_maintenance_pins_holder")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["technician_assignments.id"],
            name=op.f("fk_maintenance_pins_assignment_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_maintenance_pins_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["rvm_machine_id"],
            ["rvm_machines.id"],
            name=op.f("fk_maintenance_pins_rvm_machine_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_maintenance_pins_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_pins")),
        sa.UniqueConstraint(
            "rvm_machine_id",
            "slot",
            "visit_window",
            name=op.f("uq_maintenance_pins_rvm_machine_id_slot_visit_window"),
        ),
    )
    op.create_index(
        op.f("ix_maintenance_pins_organization_id"), "maintenance_pins", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_maintenance_pins_valid", "maintenance_pins", ["rvm_machine_id", "valid_to"], unique=False
    )


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.execute(f"drop policy tenant on {table}")
        op.execute(f"drop policy system on {table}")
    op.drop_index("ix_maintenance_pins_valid", table_name="maintenance_pins")
    op.drop_index(op.f("ix_maintenance_pins_organization_id"), table_name="maintenance_pins")
    op.drop_table("maintenance_pins")
    op.drop_index(op.f("ix_maintenance_slots_organization_id"), table_name="maintenance_slots")
    op.drop_table("maintenance_slots")
