"""Waking consumers and senders by NOTIFY; whoever listens still looks once a second by itself."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.outages import is_outage
from db.session import Database

log = logging.getLogger(__name__)

UPDATES = "siaga_updates"
SENDS = "siaga_sends"
_CHECK_S = 5.0
_RECONNECT_S = 1.0


async def wake_senders(session: AsyncSession) -> None:
    """Wake every replica's sender when this transaction commits."""
    await session.execute(text("select pg_notify(:channel, '')"), {"channel": SENDS})


async def listen(database: Database, events: Mapping[str, asyncio.Event]) -> None:
    """Set a channel's event at each of its notifications; until cancelled, connecting again when cut off."""
    while True:
        try:
            await _listen(database, events)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("not woken by the database for now, looking once a second instead: %s", error)
        await asyncio.sleep(_RECONNECT_S)


async def _listen(database: Database, events: Mapping[str, asyncio.Event]) -> None:
    async with database.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection

        def heard(_connection: object, _pid: int, channel: str, _payload: str) -> None:
            events[channel].set()

        for channel, event in events.items():
            await driver.add_listener(channel, heard)
            event.set()
        try:
            while True:
                await asyncio.sleep(_CHECK_S)
                await driver.fetchval("select 1")
        finally:
            # The connection must not go back to the pool with listeners on it.
            await connection.invalidate()
