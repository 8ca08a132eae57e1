"""Access that a task brings: from its accepting until it leaves the person (WORDS 4)."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import MachineGrant
from domain.access import GrantSource
from domain.assignment_records import AssignmentRecord

# Made once, since every life of a task runs both.
_GRANTS = cast("Table", MachineGrant.__table__)
_OPEN = insert(_GRANTS).on_conflict_do_nothing()
_CLOSE = (
    update(_GRANTS)
    .where(_GRANTS.c.assignment_id == bindparam("of_assignment"), _GRANTS.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"), revoked_by=bindparam("actor"))
)


async def open_for_assignment(session: AsyncSession, accepted: AssignmentRecord) -> None:
    """Let the person who accepted enter the machine."""
    row = accepted.row
    await session.execute(
        _OPEN,
        {
            "organization_id": row.organization_id,
            "user_id": row.assigned_to,
            "rvm_machine_id": row.machine_id,
            "source": GrantSource.ASSIGNMENT,
            "assignment_id": row.assignment_id,
            "granted_by": row.assigned_by,
            "assigned_at": accepted.at,
        },
    )


async def close_of_assignment(
    session: AsyncSession, assignment_id: int, at: datetime, actor_id: int | None
) -> None:
    """Withdraw what the task brought; a grant by hand stays."""
    await session.execute(_CLOSE, {"of_assignment": assignment_id, "at": at, "actor": actor_id})
