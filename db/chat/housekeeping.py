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
_DRAFTS = text(
    "delete from ticket_drafts where least(closed_at, expires_at) < now() - cast(:older as interval)"
)
_DIALOGS = text("delete from dialogs where expires_at < now() - cast(:older as interval)")
_TRACKS = text(
    """
    delete from telegram_updates using chat_lanes
    where chat_lanes.lane = telegram_updates.lane and telegram_updates.n <= chat_lanes.done_n
      and payload ? 'edited_message' and received_at < now() - interval '1 hour'
    """
)
"""A live location is a stream of edits; kept, they would be the track of a person's day (DESIGN 3.7)."""
_POSITIONS = text("delete from last_positions where at < now() - interval '1 day'")


async def tidy(session: AsyncSession, older: timedelta) -> None:
    """Delete handled updates, finished deliveries, forgotten dialogs and drafts older than ``older``.

    Where people were is forgotten sooner: handled edits after an hour, the last position after a day.
    """
    for statement in (_UPDATES, _DELIVERIES, _DIALOGS, _DRAFTS):
        await session.execute(statement, {"older": older})
    for statement in (_TRACKS, _POSITIONS):
        await session.execute(statement)
