"""A ticket that the helpdesk opened for itself is not the pharmacy's to read."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCOPE = "any(string_to_array(current_setting('siaga.orgs', true), ',')::bigint[])"
PHARMACIES = "nullif(current_setting('siaga.pharmacies', true), '')"
THEIRS = f"pharmacy_id = any(string_to_array({PHARMACIES}, ',')::bigint[])"


def seen(theirs: str) -> None:
    """Let who looks for a pharmacy see what fulfils a condition, and the helpdesk all of its own."""
    condition = f"organization_id = {SCOPE} and ({PHARMACIES} is null or {theirs})"
    op.execute(f"alter policy tenant on tickets using ({condition}) with check ({condition})")


def upgrade() -> None:
    """Apply."""
    seen(f"({THEIRS} and source <> 'internal')")


def downgrade() -> None:
    """Take back."""
    seen(THEIRS)
