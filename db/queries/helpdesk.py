"""Reading the helpdesk's promises, calendars and master data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import CannedAnswer, TicketCategory, TicketModule
from db.queries.promises import promise, working_time
from db.queries.settings import settings
from domain.business_time import Calendar
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
    return (await working_time(session, organization_id)).calendar()


async def ticket_policy(session: AsyncSession, organization_id: int, priority: Priority) -> TicketPolicy:
    """Return the promises of a priority in an organization: its own, else those of WORDS 6."""
    service = await calendar(session, organization_id)
    promised = await promise(session, organization_id, priority)
    waits = await settings(session, organization_id)
    return TicketPolicy(
        first_answer_s=promised.first_answer_s,
        solution_s=promised.solution_s,
        calendar=Calendar(service.time_zone, always=True) if promised.is_always else service,
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
    own = kind.organization_id == organization_id
    replaced = select(kind.replaces_id).where(own, kind.replaces_id.is_not(None))
    shared = and_(kind.organization_id.is_(None), kind.id.not_in(replaced))
    query: Select[Any] = (
        select(kind)
        .where(kind.is_active, or_(own, shared))
        .order_by(kind.organization_id.nulls_last(), kind.position, kind.id)
    )
    rows: Sequence[TicketModule | TicketCategory] = (await session.scalars(query)).all()
    return [Choice(row.id, row.name, row.name_en, tuple(row.keywords), row.organization_id) for row in rows]


@dataclass(frozen=True, slots=True)
class CannedRow:
    """A canned answer."""

    id: int
    name: str
    text_id: str
    text_en: str


async def canned_answers(session: AsyncSession, organization_id: int) -> list[CannedRow]:
    """Return an organization's canned answers by name."""
    query = select(CannedAnswer).where(CannedAnswer.organization_id == organization_id)
    rows = await session.scalars(query.order_by(CannedAnswer.name))
    return [CannedRow(row.id, row.name, row.text_id, row.text_en) for row in rows]
