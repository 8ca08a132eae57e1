"""Who of a pharmacy is told about a ticket."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import MembershipRow, User
from db.models.helpdesk import Pharmacy, Ticket, TicketFollower


async def watchers(session: AsyncSession, ticket_id: int) -> list[int]:
    """Return who opened it and who follows it, as long as they work there.

    When none of them does any more, the ticket is the person's in charge, else everybody's of the pharmacy:
    it belongs to the pharmacy, and somebody there has to hear of it (WORDS 5).
    """
    ticket = await session.get(Ticket, ticket_id)
    if ticket is None:
        return []
    members = set(
        await session.scalars(
            select(MembershipRow.user_id)
            .join(User, User.id == MembershipRow.user_id)
            .where(MembershipRow.pharmacy_id == ticket.pharmacy_id, MembershipRow.is_active, User.is_active)
        )
    )
    followers = await session.scalars(
        select(TicketFollower.user_id)
        .where(TicketFollower.ticket_id == ticket_id)
        .order_by(TicketFollower.user_id)
    )
    mine = [one for one in dict.fromkeys([ticket.customer_id, *followers]) if one in members]
    if mine or ticket.customer_id is None:
        return [one for one in mine if one is not None]
    pic = await session.scalar(select(Pharmacy.pic_id).where(Pharmacy.id == ticket.pharmacy_id))
    return [pic] if pic in members and pic is not None else sorted(members)
