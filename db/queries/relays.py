"""Reading relays: their rows, who speaks in them, and the ticket that a message belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import Organization, User
from db.models.helpdesk import Pharmacy, Ticket, TicketActivity, TicketMessage, TicketTopic
from domain.relays import RelayDirection

NOT_HELD = text(
    """
    not exists (
      select from deliveries d
      join ticket_messages m on d.context -> 'messages' @> to_jsonb(m.id)
      where d.thing = 'ticket' and d.thing_id = ticket_activities.ticket_id
        and d.template = 'relays/to_customer' and d.state = 'due' and d.due_at > now()
        and m.ticket_id = ticket_activities.ticket_id
        and cast(m.from_chat_id as text) = ticket_activities.details #>> '{origin,chat}'
        and ticket_activities.details #> '{origin,messages}' @> to_jsonb(m.from_message_id)
    )
    """
)
"""Of lines of the timeline: an answer that can still be withdrawn is not read by the customer yet."""


@dataclass(frozen=True, slots=True)
class RelayRow:
    """A relayed message."""

    id: int
    ticket_id: int
    organization_id: int
    direction: RelayDirection
    user_id: int | None
    from_chat_id: int
    from_message_id: int
    to_chat_id: int
    to_message_id: int | None
    texts: list[Any]
    """Every version with its time (ISO 8601) and whether it brings a file, the newest last."""
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and for whom: the pharmacy or the helpdesk."""

    name: str
    side: str


def _rows(found: Sequence[TicketMessage]) -> list[RelayRow]:
    return [RelayRow(**{name: getattr(row, name) for name in RelayRow.__slots__}) for row in found]


async def relays_by_id(session: AsyncSession, numbers: Sequence[int]) -> list[RelayRow]:
    """Return relays in the order they came."""
    query = select(TicketMessage).where(TicketMessage.id.in_(numbers)).order_by(TicketMessage.id)
    return _rows((await session.scalars(query)).all())


async def relays_shown_in(session: AsyncSession, chat_id: int, message_id: int) -> list[RelayRow]:
    """Return the relays that one message of the bot shows."""
    query = select(TicketMessage).where(
        TicketMessage.to_chat_id == chat_id, TicketMessage.to_message_id == message_id
    )
    return _rows((await session.scalars(query.order_by(TicketMessage.id))).all())


async def relays_from(session: AsyncSession, chat_id: int, message_id: int) -> list[RelayRow]:
    """Return what a person's message was relayed as, for each reader."""
    query = select(TicketMessage).where(
        TicketMessage.from_chat_id == chat_id, TicketMessage.from_message_id == message_id
    )
    return _rows((await session.scalars(query.order_by(TicketMessage.id))).all())


async def speaker_of(session: AsyncSession, row: RelayRow) -> Speaker:
    """Return who said it: customers read the helpdesk's name behind it, the staff the pharmacy's."""
    side = (
        select(Organization.name).where(Organization.id == row.organization_id)
        if row.direction == RelayDirection.TO_CUSTOMER
        else select(Pharmacy.name)
        .join(Ticket, Ticket.pharmacy_id == Pharmacy.id)
        .where(Ticket.id == row.ticket_id)
    )
    name = await session.scalar(select(User.name).where(User.id == row.user_id))
    return Speaker(name or "", str(await session.scalar(side) or ""))


@dataclass(frozen=True, slots=True)
class StaffWords:
    """The line of the timeline that a message of the staff became."""

    ticket_id: int
    is_internal: bool


async def said_by_staff(session: AsyncSession, chat_id: int, message_id: int) -> StaffWords | None:
    """Return what a message in the staff's group became; None: it was never recorded."""
    origin = TicketActivity.details["origin"]
    query = (
        select(TicketActivity.ticket_id, TicketActivity.is_internal)
        .join(TicketTopic, TicketTopic.ticket_id == TicketActivity.ticket_id)
        .where(
            TicketTopic.chat_id == chat_id,
            origin["chat"].as_string() == str(chat_id),
            origin["messages"].contains([message_id]),
        )
        .order_by(TicketActivity.id.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else StaffWords(row.ticket_id, row.is_internal)


async def twin_of(session: AsyncSession, chat_id: int, message_id: int, other: int) -> int | None:
    """Return the message in another chat that a message is the relay of, or was relayed as."""
    was_sent = await session.scalar(
        select(TicketMessage.to_message_id).where(
            TicketMessage.from_chat_id == chat_id,
            TicketMessage.from_message_id == message_id,
            TicketMessage.to_chat_id == other,
        )
    )
    if was_sent is not None:
        return was_sent
    return await session.scalar(
        select(TicketMessage.from_message_id)
        .where(
            TicketMessage.to_chat_id == chat_id,
            TicketMessage.to_message_id == message_id,
            TicketMessage.from_chat_id == other,
        )
        .order_by(TicketMessage.id)
        .limit(1)
    )
