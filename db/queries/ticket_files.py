"""Files of tickets: who may read them, which message brought them, and where copies of it are."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import Ticket, TicketActivity, TicketAttachment, TicketMessage
from db.queries.ticket_filters import TicketFilter, filtered
from domain.ticket_sight import Sight

DELETABLE = timedelta(hours=48)
"""Telegram lets bots delete messages that are younger."""


async def sees_file(session: AsyncSession, file_id: int, sight: Sight) -> bool:
    """Return whether a file is attached to a ticket in sight; what is internal only for staff."""
    query = (
        select(TicketAttachment.organization_id, TicketAttachment.is_internal)
        .join(Ticket, Ticket.id == TicketAttachment.ticket_id)
        .where(TicketAttachment.file_id == file_id, Ticket.deleted_at.is_(None))
    )
    rows = await session.execute(filtered(query, TicketFilter(sight=sight)))
    return any(not internal or sight.sees_internal(organization) for organization, internal in rows)


async def messages_of_file(session: AsyncSession, ticket_id: int, file_id: int) -> list[tuple[int, int]]:
    """Return the messages (chat, message) that brought a file into a ticket; one may have come twice."""
    lines = await session.scalars(
        select(TicketActivity.details).where(
            TicketActivity.ticket_id == ticket_id, TicketActivity.details.contains({"files": [file_id]})
        )
    )
    return [
        (line["origin"]["chat"], message)
        for line in lines
        for one, message in zip(line["files"], line["file_messages"], strict=False)
        if one == file_id
    ]


async def attachment_shown_in(
    session: AsyncSession, ticket_id: int, chat_id: int, message_id: int
) -> int | None:
    """Return the attachment whose relayed copy a message is; None: it shows none that is still there."""
    came = select(TicketMessage.from_chat_id, TicketMessage.from_message_id).where(
        TicketMessage.ticket_id == ticket_id,
        TicketMessage.to_chat_id == chat_id,
        TicketMessage.to_message_id == message_id,
    )
    origins = {(chat, message) for chat, message in await session.execute(came)}
    there = select(TicketAttachment.id, TicketAttachment.file_id).where(
        TicketAttachment.ticket_id == ticket_id, TicketAttachment.file_id.is_not(None)
    )
    for attachment_id, file_id in await session.execute(there):
        if file_id is not None and origins.intersection(await messages_of_file(session, ticket_id, file_id)):
            return int(attachment_id)
    return None


async def old_copies(session: AsyncSession, ticket_id: int, messages: Sequence[tuple[int, int]]) -> int:
    """Return how many relayed copies of messages a bot cannot delete any more."""
    origin = tuple_(TicketMessage.from_chat_id, TicketMessage.from_message_id)
    query = select(func.count()).where(
        TicketMessage.ticket_id == ticket_id,
        origin.in_(messages),
        TicketMessage.to_message_id.is_not(None),
        TicketMessage.created_at < func.now() - DELETABLE,
    )
    return int(await session.scalar(query) or 0) if messages else 0
