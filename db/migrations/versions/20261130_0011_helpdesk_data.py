"""An organization's own modules and categories in place of shared ones; tickets that are to be re-timed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OWN = "organization_id = any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"
CHOICES = ("ticket_modules", "ticket_categories")


def upgrade() -> None:
    """Apply."""
    for table in CHOICES:
        op.add_column(table, sa.Column("replaces_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_replaces_id"), table, table, ["replaces_id"], ["id"])
        op.create_unique_constraint(
            op.f(f"uq_{table}_organization_id_replaces_id"), table, ["organization_id", "replaces_id"]
        )
    op.create_table(
        "retimings",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.String(length=50), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("done_up_to", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_second", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "priority in ('low', 'medium', 'high', 'urgent')", name=op.f("ck_retimings_priority")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_retimings_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "priority", name=op.f("pk_retimings")),
    )
    for role in ("siaga_app", "siaga_system"):
        op.execute(f"grant select, insert, update, delete on retimings to {role}")
    op.execute("alter table retimings enable row level security")
    op.execute(f"create policy tenant on retimings to siaga_app using ({OWN}) with check ({OWN})")
    op.execute("create policy system on retimings to siaga_system using (true) with check (true)")


def downgrade() -> None:
    """Take back."""
    op.drop_table("retimings")
    for table in CHOICES:
        op.drop_constraint(op.f(f"uq_{table}_organization_id_replaces_id"), table)
        op.drop_constraint(op.f(f"fk_{table}_replaces_id"), table)
        op.drop_column(table, "replaces_id")
