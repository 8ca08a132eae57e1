"""Reading tickets as a customer meets them: the own ones, the pharmacy's, what was said last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import MembershipRow, User
from db.models.helpdesk import (
    Ticket,
    TicketActivity,
    TicketAttachment,
    TicketFollower,
    TicketMessage,
)
from db.queries.relays import NOT_HELD
from domain.priorities import Priority
from domain.tickets import LIVE_TICKETS, OPEN_TICKETS, TicketMove, TicketStatus

_SAYING = (
    TicketMove.COMMENT,
    TicketMove.ASK,
    TicketMove.ANSWER,
    TicketMove.SOLVE,
    TicketMove.REOPEN,
    TicketMove.EDIT,
)


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in a list and on a button."""

    ticket_id: int
    number: str
    title: str
    status: TicketStatus
    priority: Priority
    customer_id: int | None
    customer_name: str | None
    is_followed: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """The last words that customer and staff share."""

    at: datetime
    name: str
    by_staff: bool
    note: str
    is_edit: bool


def _follows(user_id: int) -> ColumnElement[bool]:
    return exists().where(TicketFollower.ticket_id == Ticket.id, TicketFollower.user_id == user_id)


async def live_tickets_of(session: AsyncSession, user_id: int, pharmacies: Sequence[int]) -> list[TicketLine]:
    """Return what a person talks about: tickets they opened or follow that live, open ones first."""
    mine = or_(Ticket.customer_id == user_id, _follows(user_id))
    return await _listed(
        session, user_id, mine, Ticket.pharmacy_id.in_(pharmacies), Ticket.status.in_(LIVE_TICKETS)
    )


async def tickets_of_pharmacies(
    session: AsyncSession, user_id: int, pharmacies: Sequence[int], *, limit: int, offset: int
) -> tuple[list[TicketLine], int]:
    """Return a page of the pharmacies' tickets, open ones first, and how many there are."""
    theirs = Ticket.pharmacy_id.in_(pharmacies)
    query = select(func.count()).select_from(Ticket).where(theirs, Ticket.deleted_at.is_(None))
    total = int(await session.scalar(query) or 0)
    return await _listed(session, user_id, theirs, limit=limit, offset=offset), total


async def _listed(
    session: AsyncSession, user_id: int, *conditions: ColumnElement[bool], limit: int = 50, offset: int = 0
) -> list[TicketLine]:
    rows = await session.execute(
        select(Ticket, User.name, _follows(user_id))
        .outerjoin(User, User.id == Ticket.customer_id)
        .where(Ticket.deleted_at.is_(None), *conditions)
        .order_by(
            case((Ticket.status.in_(OPEN_TICKETS), 0), (Ticket.status == TicketStatus.SOLVED, 1), else_=2),
            Ticket.id.desc(),
        )
        .limit(limit)
        .offset(offset)
    )
    return [
        TicketLine(
            ticket_id=one.id,
            number=one.number,
            title=one.title,
            status=one.status,
            priority=one.priority,
            customer_id=one.customer_id,
            customer_name=name,
            is_followed=followed,
            created_at=one.created_at,
        )
        for one, name, followed in rows
    ]


async def follows(session: AsyncSession, ticket_id: int, user_id: int) -> bool:
    """Return whether a person follows a ticket."""
    found = select(TicketFollower.ticket_id).where(
        TicketFollower.ticket_id == ticket_id, TicketFollower.user_id == user_id
    )
    return await session.scalar(found) is not None


async def last_said(session: AsyncSession, ticket_id: int) -> Said | None:
    """Return the last words that both sides read; an edit is the newer version of words."""
    own = exists().where(
        MembershipRow.user_id == TicketActivity.user_id,
        MembershipRow.pharmacy_id == TicketActivity.pharmacy_id,
    )
    row = (
        await session.execute(
            select(TicketActivity, User.name, own)
            .outerjoin(User, User.id == TicketActivity.user_id)
            .where(
                TicketActivity.ticket_id == ticket_id,
                TicketActivity.is_internal.is_(False),
                TicketActivity.move.in_(_SAYING),
                TicketActivity.note.is_not(None),
                NOT_HELD,
            )
            .order_by(TicketActivity.id.desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return None
    line, name, is_own = row
    return Said(line.at, name or "", not is_own, line.note or "", line.move == TicketMove.EDIT)


async def ticket_of_message(session: AsyncSession, user_id: int, chat_id: int, message_id: int) -> int | None:
    """Return the ticket that a message was said in: the person's own, or one that was relayed to them."""
    relayed = select(TicketMessage.ticket_id).where(
        TicketMessage.to_chat_id == chat_id, TicketMessage.to_message_id == message_id
    )
    found = await session.scalar(relayed.limit(1))
    return found or await said_in(session, user_id, chat_id, message_id)


async def said_in(session: AsyncSession, user_id: int, chat_id: int, message_id: int) -> int | None:
    """Return the ticket that a person's own message was said in."""
    origin = {"origin": {"chat": chat_id, "messages": [message_id]}}
    return await session.scalar(
        select(TicketActivity.ticket_id)
        .where(TicketActivity.user_id == user_id, TicketActivity.details.contains(origin))
        .order_by(TicketActivity.id.desc())
        .limit(1)
    )


async def said_since(session: AsyncSession, ticket_id: int, user_id: int, since: datetime) -> bool:
    """Return whether a person has said something in a ticket since a moment."""
    query = select(TicketActivity.id).where(
        TicketActivity.ticket_id == ticket_id,
        TicketActivity.user_id == user_id,
        TicketActivity.move.in_((TicketMove.COMMENT, TicketMove.ANSWER)),
        TicketActivity.at > since,
    )
    return await session.scalar(query.limit(1)) is not None


async def has_sent_files(session: AsyncSession, user_id: int) -> bool:
    """Return whether a person ever attached a file to a ticket."""
    query = select(TicketAttachment.id).where(TicketAttachment.user_id == user_id)
    return await session.scalar(query.limit(1)) is not None


async def held_tickets_of(
    session: AsyncSession, customer_id: int, pharmacy_id: int
) -> dict[int, dict[int, str]]:
    """Return a customer's open tickets at a pharmacy, id and number, by who holds them."""
    holder = func.coalesce(Ticket.tech_id, Ticket.expert_id)
    query = select(holder, Ticket.id, Ticket.number).where(
        Ticket.customer_id == customer_id,
        Ticket.pharmacy_id == pharmacy_id,
        Ticket.status.in_(LIVE_TICKETS),
        Ticket.deleted_at.is_(None),
        holder.is_not(None),
    )
    found: dict[int, dict[int, str]] = {}
    for user_id, ticket_id, number in await session.execute(query.order_by(Ticket.id)):
        found.setdefault(user_id, {})[ticket_id] = number
    return found
