"""What comes by the clock and may be minutes late: digests, questions, promises, files (decision 34)."""

import asyncio
import logging
from datetime import UTC, datetime

from bot.parts import Parts
from bot.retiming import retime_due
from bot.waiting import pause
from db.chat.digests import queue_digests
from db.chat.outages import is_outage
from db.forgotten_files import forget_next
from db.holiday_notices import ask_for_holidays
from db.satisfaction import ask_who_is_due
from db.session import SYSTEM
from db.ticket_retention import expire_attachments

log = logging.getLogger(__name__)

EVERY_S = 60.0


async def go_round(parts: Parts, stop: asyncio.Event) -> None:
    """Look every minute who is due, until the bot is to stop. Every replica may: each is asked once."""
    while not stop.is_set():
        try:
            await one_round(parts, datetime.now(UTC))
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("digests wait, the database is away: %s", error)
        await pause(stop, EVERY_S)


async def one_round(parts: Parts, now: datetime) -> None:
    """Make due what is due at a moment."""
    await retime_due(parts, now)
    for due in (queue_digests, ask_who_is_due, ask_for_holidays, expire_attachments):
        found = 1
        while found:
            async with parts.settings.database.transaction(SYSTEM) as session:
                found = await due(session, now)
    await _forget_files(parts)


async def _forget_files(parts: Parts) -> None:
    """Let the bytes go that nothing shows any more, a file at a time: one lock, one unlink."""
    after: int | None = 0
    while after is not None:
        async with parts.settings.database.transaction(SYSTEM) as session:
            after = await forget_next(session, parts.settings.files, after)
