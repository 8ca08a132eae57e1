"""Forgetting what chat no longer needs."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_UPDATES = text(
    """
    delete from telegram_updates using chat_lanes
    where chat_lanes.lane = telegram_updates.lane and telegram_updates.n <= chat_lanes.done_n
      and telegram_updates.received_at < now() - cast(:older as interval)
    """
)
_DELIVERIES = text(
    """
    delete from deliveries
    where state in ('sent', 'dropped', 'failed', 'uncertain') and due_at < now() - cast(:older as interval)
      and updated_at < now() - cast(:older as interval)
    """
)
_DIALOGS = text("delete from dialogs where expires_at < now() - cast(:older as interval)")


async def tidy(session: AsyncSession, older: timedelta) -> None:
    """Delete handled updates, finished deliveries and forgotten dialogs older than ``older``."""
    for statement in (_UPDATES, _DELIVERIES, _DIALOGS):
        await session.execute(statement, {"older": older})
