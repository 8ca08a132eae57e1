"""Reading a team's week: a member's duty in each organization."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.duty import duties_of
from domain.duty import Duty
from domain.people import Person
from domain.roles import Permission


@dataclass(frozen=True, slots=True)
class DutyNow:
    """How a member stands in one organization at a moment."""

    organization_id: int
    organization_name: str
    duty: Duty
    on: bool
    changes_at: datetime | None
    """When they next go on or off duty; None: not soon, or by hand only."""


async def member_duty(
    session: AsyncSession, user_id: int, organization_id: int, at: datetime, name: str = ""
) -> DutyNow:
    """Return a member's duty in one organization, whose name the caller knows."""
    duty = (await duties_of(session, organization_id, [user_id]))[user_id]
    return DutyNow(organization_id, name, duty, duty.on_duty(at), duty.changes_at(at))


async def duty_now(session: AsyncSession, person: Person, at: datetime) -> list[DutyNow]:
    """Return a person's duty in each organization where they can be on duty."""
    return [
        await member_duty(session, person.user_id, held.organization_id, at, held.organization_name)
        for held in person.memberships
        if person.may(Permission.BE_ON_DUTY, held.organization_id)
    ]
