"""Following a colleague's ticket: a wish, without a workflow (decision 14)."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import TicketFollower


async def follow(session: AsyncSession, ticket_id: int, user_id: int, organization_id: int) -> None:
    """Let a person hear of a ticket from now on."""
    await session.execute(
        insert(TicketFollower)
        .values(ticket_id=ticket_id, user_id=user_id, organization_id=organization_id)
        .on_conflict_do_nothing()
    )


async def unfollow(session: AsyncSession, ticket_id: int, user_id: int) -> None:
    """Let a person hear of it no more."""
    await session.execute(
        delete(TicketFollower).where(TicketFollower.ticket_id == ticket_id, TicketFollower.user_id == user_id)
    )
