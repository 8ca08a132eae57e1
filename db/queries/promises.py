"""Reading what a helpdesk promises, when it works, and which of its tickets wait to be re-timed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.promises import BusinessCalendar, SlaPolicy
from db.public_holidays import Holiday, holidays_of
from domain import defaults
from domain.business_time import Calendar, Hours
from domain.priorities import Priority


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When an organization's helpdesk works."""

    time_zone: str
    hours: tuple[Hours, ...]
    holidays: tuple[Holiday, ...] = ()
    confirmed_year: int | None = None
    """The last year whose holidays an admin confirmed."""
    is_own: bool = True
    """False: the one of WORDS 6 holds, with the public holidays of this year and the next."""

    def calendar(self) -> Calendar:
        """Return it as clocks count by it."""
        return Calendar(self.time_zone, list(self.hours), [one.day.isoformat() for one in self.holidays])


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """The promised times of one priority, seconds of business time."""

    priority: Priority
    first_answer_s: float
    solution_s: float
    is_always: bool
    is_own: bool


async def working_time(session: AsyncSession, organization_id: int) -> WorkingTime:
    """Return an organization's own calendar, else the one of WORDS 6."""
    query = select(BusinessCalendar).where(BusinessCalendar.organization_id == organization_id)
    own = await session.scalar(query)
    if own is None:
        year = datetime.now(UTC).year
        return WorkingTime(
            defaults.TIME_ZONE,
            tuple(Hours(*one) for one in defaults.SERVICE_HOURS),
            (*holidays_of(year), *holidays_of(year + 1)),
            is_own=False,
        )
    hours = tuple(Hours(one["weekday"], one["from_minute"], one["to_minute"]) for one in own.hours)
    days = sorted((date.fromisoformat(one["day"]), one["name"]) for one in own.holidays)
    return WorkingTime(
        own.time_zone, hours, tuple(Holiday(day, name) for day, name in days), own.confirmed_year
    )


async def promise(session: AsyncSession, organization_id: int, priority: Priority) -> PromiseRow:
    """Return an organization's own promise for a priority, else the one of WORDS 6."""
    query = select(SlaPolicy).where(
        SlaPolicy.organization_id == organization_id, SlaPolicy.priority == priority
    )
    own = await session.scalar(query)
    if own is None:
        first_answer_s, solution_s = defaults.SLA_S[priority]
        return PromiseRow(priority, first_answer_s, solution_s, priority in defaults.SLA_ALWAYS, is_own=False)
    return PromiseRow(priority, own.first_answer_s, own.solution_s, own.is_always, is_own=True)
