"""Telling open tickets of a changed promise or calendar, some at a time, until all know."""

import asyncio
import logging
from datetime import datetime

from bot.parts import Parts
from db.retimings import batch_done, next_batch
from db.session import SYSTEM
from domain.errors import Unavailable

log = logging.getLogger(__name__)


async def retime_due(parts: Parts, now: datetime) -> int:
    """Tell what is due and return how many tickets were told; what fails is told in the next round."""
    told = 0
    while True:
        try:
            async with parts.settings.database.transaction(SYSTEM) as session:
                batch = await next_batch(session, now)
                if batch is None:
                    return told
                tell = parts.settings.gateway.tickets.retime
                await asyncio.gather(*(tell(number, batch.policy) for number in batch.numbers))
                await batch_done(session, batch)
        except Unavailable as error:
            log.warning("tickets keep their former promise for now: %s", error)
            return told
        told += len(batch.numbers)
