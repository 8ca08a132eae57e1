"""What a new ticket starts from: its number, its pharmacy, the organization's promises."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db import numbers
from db.models.helpdesk import Pharmacy
from db.queries.helpdesk import ticket_policy
from domain.errors import NotFound
from domain.ids import ticket_number
from domain.priorities import Priority
from domain.tickets import TicketDraft, TicketSource, TicketState

TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket that a customer, staff for a customer, or the API asks for."""

    pharmacy_id: int
    opened_by: int
    source: TicketSource
    priority: Priority
    module_id: int
    category_id: int
    draft: TicketDraft
    customer_id: int | None = None
    title: str = ""
    """Empty: the first line of the description."""


async def new_ticket(session: AsyncSession, order: NewTicket, source: str) -> TicketState:
    """Reserve a number under ``source`` and return what ``TicketDoor.open`` is given.

    Raises:
        NotFound: the scope sees no such pharmacy, or it is not served any more.
    """
    pharmacy = await session.get(Pharmacy, order.pharmacy_id)
    if pharmacy is None or pharmacy.deleted_at is not None or not pharmacy.is_active:
        raise NotFound(noun="pharmacy")
    number = await numbers.reserve(session, "ticket", source)
    return TicketState(
        ticket_id=number,
        number=ticket_number(number),
        organization_id=pharmacy.organization_id,
        pharmacy_id=pharmacy.id,
        source=order.source,
        priority=order.priority,
        policy=await ticket_policy(session, pharmacy.organization_id, order.priority),
        opened_by=order.opened_by,
        title=order.title.strip()[:TITLE_LENGTH] or title_of(order.draft.description),
        module_id=order.module_id,
        category_id=order.category_id,
        draft=order.draft,
        customer_id=order.customer_id,
    )


def title_of(description: str) -> str:
    """Return the first line of a description, shortened at a word (WORDS 5)."""
    first = next((line.strip() for line in description.splitlines() if line.strip()), "")
    if len(first) <= TITLE_LENGTH:
        return first
    return f"{first[: TITLE_LENGTH - 1].rsplit(' ', 1)[0]}…"
