"""Who may be asked to do a task."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import MachineGrant
from db.queries.duty import on_duty
from db.queries.grants import is_live
from db.queries.people import field_people
from domain.access import GrantSource
from domain.offers import Candidate


async def everybody_with_access(
    session: AsyncSession, organization_id: int, machine_id: int, at: datetime
) -> list[Candidate]:
    """Return whom an offer to everybody with access to a machine asks, least loaded first (system scope).

    These are active field people with a grant by hand: those of them who are on duty, or all where none is.
    """
    by_hand = select(MachineGrant.user_id).where(
        MachineGrant.rvm_machine_id == machine_id, MachineGrant.source == GrantSource.MANUAL, is_live()
    )
    holders = set(await session.scalars(by_hand))
    people = [row for row in await field_people(session, organization_id) if row.user_id in holders]
    present = await on_duty(session, organization_id, at) if people else set()
    asked = [row for row in people if row.user_id in present] or people
    return [Candidate(row.user_id, row.name) for row in asked]
