"""Chats without Telegram's pace, for tests of something else: no message waits a second for it."""

import httpx
from sqlalchemy import text

from db.session import Database

_STEPS = (
    "set role none",
    """
    create function without_pace() returns trigger language plpgsql as
    'begin new.next_at = ''-infinity''; return new; end'
    """,
    """
    create trigger without_pace before insert or update on send_lanes
    for each row when (new.chat_id <> 0) execute function without_pace()
    """,
    "update settings set value = 0 where key = 'ticket_hold_s'",
)


async def let_run(database: Database, simulator: httpx.AsyncClient) -> None:
    """Let Telegram refuse nobody and the bot hold back no chat and no answer of the staff.

    The token's own gap between calls stays.
    """
    (await simulator.post("/sim/limits", json={"mode": "off"})).raise_for_status()
    async with database.engine.begin() as connection:
        for step in _STEPS:
            await connection.execute(text(step))
        await connection.execute(text("reset role"))
