"""Which open tickets are to be told of a changed promise or calendar, some at a time (system scope).

A round goes through the tickets of a priority by number; the row keeps how far it came, so another process
goes on after a crash, and telling one twice changes nothing. A second round, a minute later, finds what was
being opened with the former promise during the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import Ticket
from db.models.promises import Retiming
from db.queries.helpdesk import ticket_policy
from domain.priorities import Priority
from domain.tickets import LIVE_TICKETS, TicketPolicy

AT_ONCE = 50
SECOND_AFTER = timedelta(seconds=60)
_OPENING = timedelta(seconds=60)
"""A ticket whose promise was read this long before the change may have been written after it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Tickets to tell, and what of."""

    organization_id: int
    priority: Priority
    policy: TicketPolicy
    numbers: Sequence[str]
    last_id: int
    is_whole: bool
    """Whether the round ends with these."""
    is_second: bool
    asked_at: datetime


async def next_batch(session: AsyncSession, now: datetime) -> Batch | None:
    """Claim the next tickets until the transaction's end; None when nothing is due or others are at it."""
    query = select(Retiming).where(Retiming.due_at <= now).order_by(Retiming.due_at).limit(1)
    row = await session.scalar(query.with_for_update(skip_locked=True))
    if row is None:
        return None
    tickets = (
        select(Ticket.id, Ticket.number)
        .where(
            Ticket.organization_id == row.organization_id,
            Ticket.priority == row.priority,
            Ticket.status.in_(sorted(LIVE_TICKETS)),
            Ticket.id > row.done_up_to,
        )
        .order_by(Ticket.id)
        .limit(AT_ONCE)
    )
    if row.is_second:
        tickets = tickets.where(Ticket.created_at > row.asked_at - _OPENING)
    found = (await session.execute(tickets)).all()
    return Batch(
        row.organization_id,
        row.priority,
        await ticket_policy(session, row.organization_id, row.priority),
        [number for _, number in found],
        last_id=found[-1][0] if found else row.done_up_to,
        is_whole=len(found) < AT_ONCE,
        is_second=row.is_second,
        asked_at=row.asked_at,
    )


async def batch_done(session: AsyncSession, batch: Batch) -> None:
    """Note how far a round came; after the first a second one is due, after that it is over."""
    mine = (Retiming.organization_id == batch.organization_id, Retiming.priority == batch.priority)
    if batch.is_whole and batch.is_second:
        await session.execute(delete(Retiming).where(*mine))
        return
    values: dict[str, object] = {"done_up_to": batch.last_id}
    if batch.is_whole:
        values = {"done_up_to": 0, "is_second": True, "due_at": batch.asked_at + SECOND_AFTER}
    await session.execute(update(Retiming).where(*mine).values(values))
