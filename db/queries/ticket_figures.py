"""The dashboard's numbers of the helpdesk (seed 003)."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import Ticket, TicketCategory, TicketModule
from db.queries.ticket_filters import TicketFilter, filtered
from domain.priorities import Priority
from domain.tickets import OPEN_TICKETS


@dataclass(frozen=True, slots=True)
class Summary:
    """The dashboard's numbers (seed 003)."""

    total: int
    by_status: dict[str, int]
    by_category: dict[str, int]
    by_module: dict[str, int]
    by_priority: dict[str, int]
    urgent_unsolved: int
    kept_share: float | None
    """Solutions within the promise, of those known; None while there are none."""


async def summary(session: AsyncSession, wanted: TicketFilter) -> Summary:
    """Return the numbers of the tickets a filter leaves, in one statement."""
    query = (
        filtered(
            select(
                Ticket.status,
                Ticket.priority,
                TicketCategory.name,
                TicketModule.name,
                func.count().label("number"),
                func.count().filter(Ticket.solution_kept.is_(True)).label("kept"),
                func.count().filter(Ticket.solution_kept.is_not(None)).label("known"),
            ),
            wanted,
        )
        .select_from(Ticket)
        .join(TicketCategory, TicketCategory.id == Ticket.category_id)
        .join(TicketModule, TicketModule.id == Ticket.module_id)
        .where(Ticket.deleted_at.is_(None))
        .group_by(Ticket.status, Ticket.priority, TicketCategory.name, TicketModule.name)
    )
    tables: tuple[dict[str, int], ...] = ({}, {}, {}, {})
    urgent = kept = known = 0
    for status, priority, category, module, number, kept_here, known_here in await session.execute(query):
        for table, key in zip(tables, (status.value, category, module, priority.value), strict=True):
            table[key] = table.get(key, 0) + number
        kept, known = kept + kept_here, known + known_here
        urgent += number if priority == Priority.URGENT and status in OPEN_TICKETS else 0
    by_status, by_category, by_module, by_priority = tables
    return Summary(
        total=sum(by_status.values()),
        by_status=by_status,
        by_category=by_category,
        by_module=by_module,
        by_priority=by_priority,
        urgent_unsolved=urgent,
        kept_share=kept / known if known else None,
    )
