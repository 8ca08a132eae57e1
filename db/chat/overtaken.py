"""A card that was touched after it was rendered: its delivery showed what was true before."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import CardRow, queue_card
from domain.chat import Loudness, SendPriority

_MARK = text("select updated_at from cards where id = :card and retired_at is null for no key update")


async def overtaken(session: AsyncSession, card: CardRow) -> None:
    """Make a card due again that was touched after it was rendered; before it is recorded as shown."""
    mark = await session.scalar(_MARK, {"card": card.id})
    if mark is not None and mark != card.updated_at:
        # This card alone: to lock others behind it would meet those who touch them all in order.
        await queue_card(
            session,
            card.id,
            loudness=Loudness.EDIT,
            source=None,
            priority=SendPriority.CARD,
        )
