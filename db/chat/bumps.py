"""Whether a card has gone out of sight, so that it comes again at the bottom (WORDS 5, bump rule)."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import CardRow

_ABOVE = text(
    """
    select
      (select count(*) from (
         select received_at from telegram_updates
         where lane = :lane and payload ? 'message' and received_at > :since
         order by n desc limit :enough) latest)
    + (select count(*) from (
         select id from deliveries
         where chat_id = :chat and thread_id is not distinct from cast(:thread as bigint)
           and sent_at > :since and message_id is not null limit :enough) sent)
    """
)


async def out_of_sight(session: AsyncSession, card: CardRow, messages: int, age: timedelta) -> bool:
    """Return whether more than ``messages`` messages or more than ``age`` lie above a card.

    Messages are counted, not guessed from message ids: in private chats Telegram numbers them per bot.
    """
    if card.sent_at is None:
        return False
    if datetime.now(card.sent_at.tzinfo) - card.sent_at > age:
        return True
    lane = f"{card.chat_id}:{card.thread_id}" if card.thread_id else str(card.chat_id)
    given = {
        "lane": lane,
        "chat": card.chat_id,
        "thread": card.thread_id,
        "since": card.sent_at,
        "enough": messages + 1,
    }
    return int((await session.execute(_ABOVE, given)).scalar_one()) > messages
