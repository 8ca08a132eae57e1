"""The pharmacy helpdesk: pharmacies, tickets and their timeline, promises, staff groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCOPE = "any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"
PHARMACIES = "nullif(current_setting('siaga.pharmacies', true), '')"
OWN = f"organization_id = {SCOPE}"


def of_pharmacy(column: str) -> str:
    """Return the condition of rows that customers see of their own pharmacies only, and staff of all."""
    return f"{OWN} and ({PHARMACIES} is null or {column} = any(string_to_array({PHARMACIES}, ',')::bigint[]))"


TENANT = {
    "pharmacies": of_pharmacy("id"),
    "tickets": of_pharmacy("pharmacy_id"),
    "ticket_activities": of_pharmacy("pharmacy_id"),
    "ticket_attachments": of_pharmacy("pharmacy_id"),
    "join_requests": of_pharmacy("pharmacy_id"),
    "ticket_followers": OWN,
    "sla_policies": OWN,
    "business_calendars": OWN,
    "canned_answers": OWN,
    "staff_groups": OWN,
    "ticket_topics": OWN,
    "ticket_messages": OWN,
    # Without an organization they hold for all, and are read by all.
    "ticket_modules": f"organization_id is null or {OWN}",
    "ticket_categories": f"organization_id is null or {OWN}",
}
SHARED = ("ticket_modules", "ticket_categories")


THINGS = (
    "'assignment', 'onboarding', 'machine', 'handshake', 'invite', 'lost_run', 'dialog', 'checklist', "
    "'escalation', 'problem', 'plan', 'settings'"
)
MORE_THINGS = f"{THINGS}, 'ticket', 'join_request'"
KINDS = "'not_accepted', 'not_started', 'not_finished'"
MORE_KINDS = f"{KINDS}, 'first_answer', 'solution'"


def allow(things: str, kinds: str) -> None:
    """Let the columns of things and of ladders hold these codes."""
    for table, column, name, codes in (
        ("cards", "thing", "thing", things),
        ("deliveries", "thing", "thing", things),
        ("escalations", "owner", "thing", things),
        ("escalations", "kind", "escalationkind", kinds),
    ):
        op.execute(f"alter table {table} drop constraint ck_{table}_{name}")
        op.execute(f"alter table {table} add constraint ck_{table}_{name} check ({column} in ({codes}))")


def upgrade() -> None:
    """Apply."""
    create()
    allow(MORE_THINGS, MORE_KINDS)
    for table, condition in TENANT.items():
        check = OWN if table in SHARED else condition
        for role in ("siaga_app", "siaga_system"):
            op.execute(f"grant select, insert, update, delete on {table} to {role}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy tenant on {table} to siaga_app using ({condition}) with check ({check})")
        op.execute(f"create policy system on {table} to siaga_system using (true) with check (true)")
    op.execute("grant usage, select on all sequences in schema public to siaga_app, siaga_system")


def create() -> None:
    """Create tables, columns and indexes, as the models declare them."""
    op.create_table(
        "business_calendars",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), server_default="Asia/Jakarta", nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "holidays",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("confirmed_year", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_business_calendars_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_calendars")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_business_calendars_organization_id")),
    )
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_canned_answers_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_canned_answers_organization_id_name")),
    )
    op.create_table(
        "pharmacies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("pic_id", sa.BigInteger(), nullable=True),
        sa.Column("app_version", sa.String(length=50), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_ends", sa.String(length=2), nullable=True),
        sa.Column("code_issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_pharmacies_organization_id")
        ),
        sa.ForeignKeyConstraint(["pic_id"], ["users.id"], name=op.f("fk_pharmacies_pic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pharmacies")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_pharmacies_code_hash")),
    )
    op.create_index(op.f("ix_pharmacies_organization_id"), "pharmacies", ["organization_id"], unique=False)
    op.create_table(
        "sla_policies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "priority",
            sa.Enum(
                "low",
                "medium",
                "high",
                "urgent",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("first_answer_s", sa.Double(), nullable=False),
        sa.Column("solution_s", sa.Double(), nullable=False),
        sa.Column("is_always", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "first_answer_s > 0 and solution_s >= first_answer_s", name=op.f("ck_sla_policies_targets")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_sla_policies_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_policies")),
        sa.UniqueConstraint(
            "organization_id", "priority", name=op.f("uq_sla_policies_organization_id_priority")
        ),
    )
    op.create_table(
        "staff_groups",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("is_forum", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("linked_by", sa.BigInteger(), nullable=True),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=50), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["linked_by"], ["users.id"], name=op.f("fk_staff_groups_linked_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_staff_groups_organization_id")
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_staff_groups")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_staff_groups_organization_id")),
    )
    op.create_table(
        "ticket_categories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column(
            "keywords",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("position", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_ticket_categories_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_categories")),
    )
    op.create_index(
        op.f("ix_ticket_categories_organization_id"), "ticket_categories", ["organization_id"], unique=False
    )
    op.create_table(
        "ticket_modules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column(
            "keywords",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("position", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_ticket_modules_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_modules")),
    )
    op.create_index(
        op.f("ix_ticket_modules_organization_id"), "ticket_modules", ["organization_id"], unique=False
    )
    op.create_table(
        "join_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), server_default="id", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_join_requests_answered_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_join_requests_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["pharmacy_id"], ["pharmacies.id"], name=op.f("fk_join_requests_pharmacy_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_requests")),
    )
    op.create_index(
        op.f("ix_join_requests_organization_id"), "join_requests", ["organization_id"], unique=False
    )
    op.create_index(
        "uq_join_requests_open",
        "join_requests",
        ["pharmacy_id", "telegram_id"],
        unique=True,
        postgresql_where=sa.text("answered_at is null"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("module_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("expert_id", sa.BigInteger(), nullable=True),
        sa.Column("tech_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "customer",
                "team_expert",
                "internal",
                name="ticketsource",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "in_review",
                "in_progress",
                "waiting_customer",
                "solved",
                "closed",
                name="ticketstatus",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "low",
                "medium",
                "high",
                "urgent",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column(
            "effect",
            sa.Enum(
                "down",
                "disturbed",
                "workable",
                "wish",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=True,
        ),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("pic_name", sa.String(length=255), nullable=True),
        sa.Column("contact", sa.String(length=255), nullable=True),
        sa.Column("app_version", sa.String(length=50), nullable=True),
        sa.Column("machine_id", sa.BigInteger(), nullable=True),
        sa.Column("follows_id", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("first_answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solution_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("first_answer_kept", sa.Boolean(), nullable=True),
        sa.Column("solution_kept", sa.Boolean(), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("rating_words", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at is not null)", name=op.f("ck_tickets_closed_at")
        ),
        sa.CheckConstraint("merged_into_id <> id and follows_id <> id", name=op.f("ck_tickets_itself")),
        sa.CheckConstraint("rating between 1 and 5", name=op.f("ck_tickets_rating")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["ticket_categories.id"], name=op.f("fk_tickets_category_id")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["users.id"], name=op.f("fk_tickets_customer_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["users.id"], name=op.f("fk_tickets_expert_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["tickets.id"], name=op.f("fk_tickets_follows_id")),
        sa.ForeignKeyConstraint(["machine_id"], ["rvm_machines.id"], name=op.f("fk_tickets_machine_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["tickets.id"], name=op.f("fk_tickets_merged_into_id")),
        sa.ForeignKeyConstraint(["module_id"], ["ticket_modules.id"], name=op.f("fk_tickets_module_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_tickets_opened_by")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_tickets_organization_id")
        ),
        sa.ForeignKeyConstraint(["pharmacy_id"], ["pharmacies.id"], name=op.f("fk_tickets_pharmacy_id")),
        sa.ForeignKeyConstraint(["tech_id"], ["users.id"], name=op.f("fk_tickets_tech_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    op.create_index(
        "ix_tickets_open",
        "tickets",
        ["organization_id", "status"],
        unique=False,
        postgresql_where=sa.text("status not in ('solved', 'closed')"),
    )
    op.create_index("ix_tickets_pharmacy_id", "tickets", ["pharmacy_id", "id"], unique=False)
    op.create_table(
        "ticket_activities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "open",
                "take",
                "forward",
                "back",
                "ask",
                "answer",
                "solve",
                "confirm",
                "reopen",
                "close",
                "remind",
                "expire",
                "warn",
                "breach",
                "comment",
                "note",
                "attach",
                "detach",
                "sort",
                "merge",
                "link",
                "rate",
                "retime",
                "hand_over",
                name="ticketmove",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_status",
            sa.Enum(
                "open",
                "in_review",
                "in_progress",
                "waiting_customer",
                "solved",
                "closed",
                name="from_status",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "open",
                "in_review",
                "in_progress",
                "waiting_customer",
                "solved",
                "closed",
                name="to_status",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("is_internal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("cause", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_ticket_activities_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["pharmacy_id"], ["pharmacies.id"], name=op.f("fk_ticket_activities_pharmacy_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_activities_ticket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ticket_activities_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_activities")),
        sa.UniqueConstraint("ticket_id", "source", name=op.f("uq_ticket_activities_ticket_id_source")),
    )
    op.create_index(
        "ix_ticket_activities_ticket_id_at", "ticket_activities", ["ticket_id", "at"], unique=False
    )
    op.create_table(
        "ticket_attachments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("pharmacy_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("is_internal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(file_id is null) = (removed_at is not null)", name=op.f("ck_ticket_attachments_removed")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_ticket_attachments_file_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_ticket_attachments_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["pharmacy_id"], ["pharmacies.id"], name=op.f("fk_ticket_attachments_pharmacy_id")
        ),
        sa.ForeignKeyConstraint(["removed_by"], ["users.id"], name=op.f("fk_ticket_attachments_removed_by")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_attachments_ticket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ticket_attachments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_attachments")),
        sa.UniqueConstraint("ticket_id", "file_id", name=op.f("uq_ticket_attachments_ticket_id_file_id")),
    )
    op.create_table(
        "ticket_followers",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_ticket_followers_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_followers_ticket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ticket_followers_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "user_id", name=op.f("pk_ticket_followers")),
    )
    op.create_table(
        "ticket_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "to_staff",
                "to_customer",
                name="relaydirection",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("from_chat_id", sa.BigInteger(), nullable=False),
        sa.Column("from_message_id", sa.BigInteger(), nullable=False),
        sa.Column("to_chat_id", sa.BigInteger(), nullable=False),
        sa.Column("to_message_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "texts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_ticket_messages_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_messages_ticket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ticket_messages_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_messages")),
        sa.UniqueConstraint(
            "from_chat_id",
            "from_message_id",
            "to_chat_id",
            name=op.f("uq_ticket_messages_from_chat_id_from_message_id_to_chat_id"),
        ),
    )
    op.create_index(op.f("ix_ticket_messages_ticket_id"), "ticket_messages", ["ticket_id"], unique=False)
    op.create_index("ix_ticket_messages_to", "ticket_messages", ["to_chat_id", "to_message_id"], unique=False)
    op.create_table(
        "ticket_topics",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("root_message_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=128), nullable=True),
        sa.Column("is_closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_ticket_topics_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_topics_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_topics")),
    )
    op.create_index("ix_ticket_topics_thread", "ticket_topics", ["chat_id", "thread_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_memberships_pharmacy_id"), "memberships", "pharmacies", ["pharmacy_id"], ["id"]
    )


def downgrade() -> None:
    """Take back."""
    for table in TENANT:
        op.execute(f"drop policy tenant on {table}")
        op.execute(f"drop policy system on {table}")
    allow(THINGS, KINDS)
    op.drop_constraint(op.f("fk_memberships_pharmacy_id"), "memberships", type_="foreignkey")
    op.drop_index("ix_ticket_topics_thread", table_name="ticket_topics")
    op.drop_table("ticket_topics")
    op.drop_index("ix_ticket_messages_to", table_name="ticket_messages")
    op.drop_index(op.f("ix_ticket_messages_ticket_id"), table_name="ticket_messages")
    op.drop_table("ticket_messages")
    op.drop_table("ticket_followers")
    op.drop_table("ticket_attachments")
    op.drop_index("ix_ticket_activities_ticket_id_at", table_name="ticket_activities")
    op.drop_table("ticket_activities")
    op.drop_index("ix_tickets_pharmacy_id", table_name="tickets")
    op.drop_index(
        "ix_tickets_open",
        table_name="tickets",
        postgresql_where=sa.text("status not in ('solved', 'closed')"),
    )
    op.drop_table("tickets")
    op.drop_index(
        "uq_join_requests_open", table_name="join_requests", postgresql_where=sa.text("answered_at is null")
    )
    op.drop_index(op.f("ix_join_requests_organization_id"), table_name="join_requests")
    op.drop_table("join_requests")
    op.drop_index(op.f("ix_ticket_modules_organization_id"), table_name="ticket_modules")
    op.drop_table("ticket_modules")
    op.drop_index(op.f("ix_ticket_categories_organization_id"), table_name="ticket_categories")
    op.drop_table("ticket_categories")
    op.drop_table("staff_groups")
    op.drop_table("sla_policies")
    op.drop_index(op.f("ix_pharmacies_organization_id"), table_name="pharmacies")
    op.drop_table("pharmacies")
    op.drop_table("canned_answers")
    op.drop_table("business_calendars")
