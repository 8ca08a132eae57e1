"""The customers of the helpdesk: drafts, edits of what was said, who said it last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCOPE = "any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"
PHARMACIES = "nullif(current_setting('siaga.pharmacies', true), '')"
TENANT = (
    f"organization_id = {SCOPE} "
    f"and ({PHARMACIES} is null or pharmacy_id = any(string_to_array({PHARMACIES}, ',')::bigint[]))"
)
THINGS = (
    "'assignment', 'onboarding', 'machine', 'handshake', 'invite', 'lost_run', 'dialog', 'checklist', "
    "'escalation', 'problem', 'plan', 'settings', 'ticket', 'join_request'"
)
MOVES = (
    "'open', 'take', 'forward', 'back', 'ask', 'answer', 'solve', 'confirm', 'reopen', 'close', 'remind', "
    "'expire', 'warn', 'breach', 'comment', 'note', 'attach', 'detach', 'sort', 'merge', 'link', 'rate', "
    "'retime', 'hand_over'"
)


def allow(things: str, moves: str) -> None:
    """Let the columns of things and of moves hold these codes."""
    for table, column, name, codes in (
        ("cards", "thing", "thing", things),
        ("deliveries", "thing", "thing", things),
        ("escalations", "owner", "thing", things),
        ("ticket_activities", "move", "ticketmove", moves),
    ):
        op.execute(f"alter table {table} drop constraint ck_{table}_{name}")
        op.execute(f"alter table {table} add constraint ck_{table}_{name} check ({column} in ({codes}))")


def upgrade() -> None:
    """Apply."""
    allow(f"{THINGS}, 'ticket_draft'", f"{MOVES}, 'edit'")
    op.create_index("ix_ticket_activities_user_id", "ticket_activities", ["user_id", "id"])
    op.create_index("ix_memberships_pharmacy_id", "memberships", ["pharmacy_id"])
    create()
    op.create_index(
        "uq_ticket_drafts_open",
        "ticket_drafts",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    for role in ("siaga_app", "siaga_system"):
        op.execute(f"grant select, insert, update, delete on ticket_drafts to {role}")
    op.execute("alter table ticket_drafts enable row level security")
    op.execute(f"create policy tenant on ticket_drafts to siaga_app using ({TENANT}) with check ({TENANT})")
    op.execute("create policy system on ticket_drafts to siaga_system using (true) with check (true)")
    op.execute("grant usage, select on all sequences in schema public to siaga_app, siaga_system")


def create() -> None:
    """Create the table of drafts, as its model declares it."""
    now = sa.text("now()")
    steps = ("where", "ready", "effect", "effect_to_send", "module", "category")
    op.create_table(
        "ticket_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("step", _code("draftstep", *steps), server_default="ready", nullable=False),
        sa.Column("parts", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("effect", _code("effect", "down", "disturbed", "workable", "wish"), nullable=True),
        sa.Column("module_id", sa.BigInteger(), nullable=True),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("app_version", sa.String(length=50), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=255), server_default="", nullable=False),
        sa.Column("follows_id", sa.BigInteger(), nullable=True),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.CheckConstraint(
            "ticket_id is null or closed_at is not null", name=op.f("ck_ticket_drafts_closed")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_ticket_drafts_{column}"), ondelete=ondelete
            )
            for column, table, ondelete in (
                ("organization_id", "organizations", None),
                ("pharmacy_id", "pharmacies", "CASCADE"),
                ("user_id", "users", "CASCADE"),
                ("module_id", "ticket_modules", None),
                ("category_id", "ticket_categories", None),
                ("follows_id", "tickets", None),
                ("ticket_id", "tickets", None),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_drafts")),
        sa.UniqueConstraint("source", name=op.f("uq_ticket_drafts_source")),
    )


def _code(name: str, *codes: str) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=50)


def downgrade() -> None:
    """Take back."""
    op.drop_table("ticket_drafts")
    op.drop_index("ix_memberships_pharmacy_id", table_name="memberships")
    op.drop_index("ix_ticket_activities_user_id", table_name="ticket_activities")
    op.execute("delete from ticket_activities where move = 'edit'")
    op.execute("delete from deliveries where thing = 'ticket_draft'")
    op.execute("delete from cards where thing = 'ticket_draft'")
    allow(THINGS, MOVES)
