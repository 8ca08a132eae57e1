"""A ticket that the helpdesk opened for itself is not the pharmacy's to read, nor what belongs to it."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCOPE = "any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"
PHARMACIES = "nullif(current_setting('siaga.pharmacies', true), '')"
THEIRS = f"pharmacy_id = any(string_to_array({PHARMACIES}, ',')::bigint[])"
OF_TICKETS = ("ticket_activities", "ticket_attachments")


def seen(table: str, theirs: str) -> None:
    """Let who looks for a pharmacy see what fulfils a condition, and the helpdesk all of its own."""
    condition = f"organization_id = {SCOPE} and ({PHARMACIES} is null or ({theirs}))"
    op.execute(f"alter policy tenant on {table} using ({condition}) with check ({condition})")


def upgrade() -> None:
    """Apply."""
    seen("tickets", f"{THEIRS} and source <> 'internal'")
    for table in OF_TICKETS:
        # The policy of tickets holds for what is looked up here, too.
        seen(table, f"{THEIRS} and exists (select from tickets where tickets.id = ticket_id)")


def downgrade() -> None:
    """Take back."""
    for table in ("tickets", *OF_TICKETS):
        seen(table, THEIRS)
