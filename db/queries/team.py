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


async def duty_now(session: AsyncSession, person: Person, at: datetime) -> list[DutyNow]:
    """Return a person's duty in each organization where they can be on duty."""
    found = []
    for held in person.memberships:
        if not person.may(Permission.BE_ON_DUTY, held.organization_id):
            continue
        duty = (await duties_of(session, held.organization_id, [person.user_id]))[person.user_id]
        found.append(
            DutyNow(held.organization_id, held.organization_name, duty, duty.on_duty(at), duty.changes_at(at))
        )
    return found
