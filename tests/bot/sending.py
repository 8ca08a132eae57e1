"""Causing sends, as activities do, and looking at what became of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce
from db.session import SYSTEM
from domain.chat import DeliveryClass, Loudness, Thing
from siaga.simulator.person import Person
from tests.bot.conftest import Telegram

MACHINE = Thing.MACHINE


async def give_card(
    telegram: Telegram,
    *readers: Person,
    loudness: Loudness = Loudness.SOUND,
    source: str = "test",
    delivery_class: DeliveryClass = DeliveryClass.CARD,
) -> None:
    telegram.stage.titles.setdefault(1, "first title")
    async with telegram.database.transaction(SYSTEM) as session:
        for reader in readers:
            await ensure_card(
                session,
                MACHINE,
                1,
                reader.id,
                loudness=loudness,
                source=source,
                delivery_class=delivery_class,
            )


async def change(telegram: Telegram, title: str) -> None:
    telegram.stage.titles[1] = title
    async with telegram.database.transaction(SYSTEM) as session:
        await touch_cards(session, (MACHINE, 1))


async def notify(telegram: Telegram, reader: Person, word: str, **more: object) -> None:
    given: dict[str, Any] = {"template": "plain", "loudness": Loudness.SOUND, "organization_id": None} | more
    async with telegram.database.transaction(SYSTEM) as session:
        await announce(session, user_id=reader.id, source=f"test-{word}", context={"word": word}, **given)


async def bot_messages(person: Person) -> list[str]:
    return [message.get("text", "") for message in await person.messages() if message["from"]["is_bot"]]


@asynccontextmanager
async def stall(telegram: Telegram) -> AsyncIterator[list[float]]:
    """Measure for how long at most, in seconds, the bots' or the simulator's loop stood still inside."""
    longest, loop = [0.0], asyncio.get_running_loop()

    async def watch() -> None:
        while True:
            begun = loop.time()
            await asyncio.sleep(0.005)
            (await telegram.http.get("/sim/limits")).raise_for_status()
            longest[0] = max(longest[0], loop.time() - begun)

    watching = asyncio.create_task(watch())
    try:
        yield longest
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def handled(telegram: Telegram) -> int:
    return len(telegram.stage.handled)


async def states(telegram: Telegram) -> list[str]:
    return [
        row.state
        for row in await telegram.rows("select state from deliveries where card_id is not null order by id")
    ]


async def blocked_rows(telegram: Telegram) -> list[Any]:
    return [row.blocked_at for row in await telegram.rows("select blocked_at from telegram_accounts")]
