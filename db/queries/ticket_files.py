"""Which files of tickets somebody may read."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import Ticket, TicketAttachment
from db.queries.ticket_filters import TicketFilter, filtered
from domain.ticket_sight import Sight


async def sees_file(session: AsyncSession, file_id: int, sight: Sight) -> bool:
    """Return whether a file is attached to a ticket in sight; what is internal only for staff."""
    query = (
        select(TicketAttachment.organization_id, TicketAttachment.is_internal)
        .join(Ticket, Ticket.id == TicketAttachment.ticket_id)
        .where(TicketAttachment.file_id == file_id, Ticket.deleted_at.is_(None))
    )
    rows = await session.execute(filtered(query, TicketFilter(sight=sight)))
    return any(not internal or sight.sees_internal(organization) for organization, internal in rows)
