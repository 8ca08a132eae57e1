"""Says once a second that ingest is alive, and drops what nobody needs any more."""

import asyncio
import logging

from db.ingest.liveness import forget_old, pulse
from db.session import SYSTEM, Database

log = logging.getLogger(__name__)

PULSE_S = 1.0
FORGET_EVERY = 60
"""Old nonces and keys are dropped once in so many pulses."""


async def keep_alive(database: Database) -> None:
    """Pulse until cancelled."""
    count = 0
    while True:
        try:
            async with database.transaction(SYSTEM) as session:
                await pulse(session)
                if count % FORGET_EVERY == 0:
                    await forget_old(session)
            count += 1
        except Exception:  # a pulse that fails is simply missing, which is what the deadlines count by
            log.warning("no pulse of ingest", exc_info=True)
        await asyncio.sleep(PULSE_S)
