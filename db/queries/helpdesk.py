"""Reading the helpdesk's promises, calendars and master data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import TicketCategory, TicketModule
from db.models.promises import BusinessCalendar, SlaPolicy
from db.queries.settings import settings
from domain import defaults
from domain.business_time import Calendar, Hours
from domain.priorities import Priority
from domain.tickets import TicketPolicy


@dataclass(frozen=True, slots=True)
class Choice:
    """A module or a category, with the words that suggest it."""

    id: int
    name: str
    name_en: str
    keywords: tuple[str, ...]
    organization_id: int | None

    def named(self, language: str) -> str:
        """Return its name in a language."""
        return self.name_en if language == "en" else self.name


async def calendar(session: AsyncSession, organization_id: int) -> Calendar:
    """Return when an organization's helpdesk works: its own calendar, else the one of WORDS 6."""
    query = select(BusinessCalendar).where(BusinessCalendar.organization_id == organization_id)
    own = await session.scalar(query)
    if own is None:
        return Calendar(defaults.TIME_ZONE, [Hours(*one) for one in defaults.SERVICE_HOURS])
    hours = [Hours(one["weekday"], one["from_minute"], one["to_minute"]) for one in own.hours]
    return Calendar(own.time_zone, hours, sorted(one["day"] for one in own.holidays))


async def ticket_policy(session: AsyncSession, organization_id: int, priority: Priority) -> TicketPolicy:
    """Return the promises of a priority in an organization: its own, else those of WORDS 6."""
    service = await calendar(session, organization_id)
    query = select(SlaPolicy).where(
        SlaPolicy.organization_id == organization_id, SlaPolicy.priority == priority
    )
    own = await session.scalar(query)
    if own is None:
        first_answer_s, solution_s = defaults.SLA_S[priority]
        always = priority in defaults.SLA_ALWAYS
    else:
        first_answer_s, solution_s, always = own.first_answer_s, own.solution_s, own.is_always
    waits = await settings(session, organization_id)
    return TicketPolicy(
        first_answer_s=first_answer_s,
        solution_s=solution_s,
        calendar=Calendar(service.time_zone, always=True) if always else service,
        service=service,
        close_waiting_days=int(waits["ticket_close_waiting_days"]),
        close_solved_days=int(waits["ticket_close_solved_days"]),
        reopen_days=int(waits["ticket_reopen_days"]),
    )


async def modules(session: AsyncSession, organization_id: int) -> list[Choice]:
    """Return the modules that hold in an organization, its own first."""
    return await _choices(session, TicketModule, organization_id)


async def categories(session: AsyncSession, organization_id: int) -> list[Choice]:
    """Return the categories that hold in an organization, its own first."""
    return await _choices(session, TicketCategory, organization_id)


async def _choices(
    session: AsyncSession, kind: type[TicketModule | TicketCategory], organization_id: int
) -> list[Choice]:
    query: Select[Any] = (
        select(kind)
        .where(kind.is_active, or_(kind.organization_id == organization_id, kind.organization_id.is_(None)))
        .order_by(kind.organization_id.nulls_last(), kind.position, kind.id)
    )
    rows: Sequence[TicketModule | TicketCategory] = (await session.scalars(query)).all()
    return [Choice(row.id, row.name, row.name_en, tuple(row.keywords), row.organization_id) for row in rows]
