"""Taking a closed ticket off the lists: no part of its life, so its workflow is not asked (seed 003)."""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.helpdesk_audit import By, Deed, note_once
from db.models.helpdesk import Ticket
from domain.chat import Thing
from domain.errors import NotFound, NotPossibleNow
from domain.tickets import TicketStatus


async def delete_ticket(session: AsyncSession, ticket_id: int, by: By) -> None:
    """Hide a closed ticket; its rows stay.

    Raises:
        NotFound: there is none.
        NotPossibleNow: it is not closed (any more).
    """
    row = await session.scalar(select(Ticket).where(Ticket.id == ticket_id).with_for_update())
    if row is None:
        raise NotFound(noun="ticket")
    if row.status != TicketStatus.CLOSED:
        raise NotPossibleNow(noun="ticket", status=row.status.value, move="delete")
    if await note_once(session, Deed(row.organization_id, Thing.TICKET, ticket_id, "delete"), by):
        await session.execute(update(Ticket).where(Ticket.id == ticket_id).values(deleted_at=func.now()))
