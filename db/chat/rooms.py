"""The staff's room of a ticket: a topic, or the thread below its card; made and kept right by the sender.

A ticket's card in the staff's group is the room's one clock: whoever writes a move touches it, and before the
card is sent the sender brings the topic to what the row says (``bot/rooms.py``), one call at a time.
"""

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import place_card, queue_card
from db.models.helpdesk import StaffGroup, Ticket, TicketTopic
from db.queries.staff_groups import group_of
from domain.chat import Loudness, SendPriority, Thing
from domain.staff_groups import GroupProblem
from domain.tickets import TicketStatus

_FORGET_CARD = text(
    """
    update cards set message_id = null, content_hash = null, thread_id = null
    where thing = 'ticket' and thing_id = :ticket and chat_id = :chat and retired_at is null
    """
)
_MOVE_CARD = text(
    """
    update cards set thread_id = :thread
    where thing = 'ticket' and thing_id = :ticket and chat_id = :chat and retired_at is null
    """
)


async def open_room(session: AsyncSession, ticket_id: int, organization_id: int, *, source: str) -> None:
    """Show a ticket in the staff's group, if one is linked; while the bot is out of it, nothing is queued."""
    group = await group_of(session, organization_id)
    if group is None or group.problem == GroupProblem.REMOVED:
        return
    card = await place_card(session, Thing.TICKET, ticket_id, group.chat_id, user_id=None)
    await queue_card(
        session,
        card,
        loudness=Loudness.SOUND,
        source=source,
        priority=SendPriority.CARD,
    )


async def open_rooms(session: AsyncSession, organization_id: int, *, source: str) -> int:
    """Show every ticket that is not closed and has no card there yet; return how many there are."""
    query = select(Ticket.id).where(
        Ticket.organization_id == organization_id,
        Ticket.status != TicketStatus.CLOSED,
        Ticket.deleted_at.is_(None),
    )
    tickets = list(await session.scalars(query.order_by(Ticket.id)))
    for ticket_id in tickets:
        await open_room(session, ticket_id, organization_id, source=f"{source}-{ticket_id}")
    return len(tickets)


async def entered(  # noqa: PLR0913 - each is a column
    session: AsyncSession,
    ticket_id: int,
    organization_id: int,
    chat_id: int,
    *,
    thread_id: int | None,
    name: str | None,
) -> None:
    """A room is there, in place of a former one; the ticket's card belongs into it."""
    values = {"chat_id": chat_id, "thread_id": thread_id, "name": name}
    fresh = values | {"root_message_id": None, "is_closed": False, "lost_at": None}
    await session.execute(
        insert(TicketTopic)
        .values(ticket_id=ticket_id, organization_id=organization_id, **values)
        .on_conflict_do_update(index_elements=[TicketTopic.ticket_id], set_=fresh)
    )
    await session.execute(_MOVE_CARD, {"ticket": ticket_id, "chat": chat_id, "thread": thread_id})


async def rooted(session: AsyncSession, ticket_id: int, chat_id: int, message_id: int) -> None:
    """The first card of a plain group's room was sent: the thread hangs below it."""
    await session.execute(
        update(TicketTopic)
        .where(
            TicketTopic.ticket_id == ticket_id,
            TicketTopic.chat_id == chat_id,
            TicketTopic.root_message_id.is_(None),
        )
        .values(root_message_id=message_id)
    )


async def renamed(session: AsyncSession, ticket_id: int, name: str) -> None:
    """A topic has another name now."""
    await session.execute(update(TicketTopic).where(TicketTopic.ticket_id == ticket_id).values(name=name))


async def shut(session: AsyncSession, ticket_id: int, *, closed: bool) -> None:
    """A topic was closed, or opened again."""
    await session.execute(
        update(TicketTopic).where(TicketTopic.ticket_id == ticket_id).values(is_closed=closed)
    )


async def lost(session: AsyncSession, ticket_id: int, chat_id: int) -> None:
    """A topic was deleted by hand: the next message makes a new one, with a new card."""
    await session.execute(
        update(TicketTopic).where(TicketTopic.ticket_id == ticket_id).values(lost_at=func.now())
    )
    await session.execute(_FORGET_CARD, {"ticket": ticket_id, "chat": chat_id})


async def is_linked(session: AsyncSession, chat_id: int, organization_id: int) -> bool:
    """Return whether a chat is the group of an organization's helpdesk."""
    query = select(StaffGroup.chat_id).where(
        StaffGroup.chat_id == chat_id, StaffGroup.organization_id == organization_id
    )
    return await session.scalar(query) is not None
