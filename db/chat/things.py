"""Which thing a message in a chat is about: its card, or a message about it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.chat import Thing

_ABOUT = text(
    """
    select thing, thing_id from cards where chat_id = :chat and message_id = :message
    union all
    select thing, thing_id from deliveries
    where chat_id = :chat and message_id = :message and thing is not null
    limit 1
    """
)


async def thing_of_message(session: AsyncSession, chat_id: int, message_id: int) -> tuple[Thing, int] | None:
    """Return the thing and its number, or None when the message is about nothing."""
    row = (await session.execute(_ABOUT, {"chat": chat_id, "message": message_id})).one_or_none()
    return None if row is None else (Thing(row.thing), int(row.thing_id))
