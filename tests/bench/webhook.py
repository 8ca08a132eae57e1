"""Telegram's webhook until its 200 (DESIGN 11, row 3)."""

import asyncio
import time

import httpx

from siaga.simulator.settings import Settings as Simulator
from tests.bench.figures import Bar, Row, percentile
from tests.bench.world import WEBHOOK_SECRET, World

PATH = "/api/v1/telegram/webhook"
RATE = 20.0
FIRST_UPDATE = 1_000_000


async def measure(world: World) -> list[Row]:
    """Post the same updates to the bare app and to the product, whose bot handles them meanwhile."""
    bare, ours, p50 = [], [], []
    updates = (_update(world, number) for number in range(10**9))
    await world.start_bot()
    try:
        headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
        async with httpx.AsyncClient(headers=headers, trust_env=False) as http:
            await world.chat_is_quiet()
            for _ in range(world.plan.rounds):
                many = int(RATE * world.plan.webhook_load_s)
                posted = [next(updates) for _ in range(many)]
                bare.append(percentile(await _post_all(http, world.bare_http, posted), 0.95))
                answered = await _post_all(http, world.stack.addresses.api or "", posted)
                ours.append(percentile(answered, 0.95))
                p50.append(percentile(answered, 0.5))
                await world.chat_is_quiet()
    finally:
        await world.stop_bot()
    return [
        Row(
            f"webhook → 200, p95 at {RATE:g}/s",
            "ms",
            ours,
            "bare FastAPI POST, p95",
            bare,
            Bar("figure", "≤", 50),
        ),
        Row(f"webhook → 200, p50 at {RATE:g}/s", "ms", p50),
    ]


async def _post_all(http: httpx.AsyncClient, url: str, updates: list[dict[str, object]]) -> list[float]:
    loop = asyncio.get_running_loop()
    begun = loop.time()

    async def post(place: int, update: dict[str, object]) -> float:
        await asyncio.sleep(max(0.0, begun + place / RATE - loop.time()))
        sent = time.perf_counter()
        (await http.post(f"{url}{PATH}", json=update)).raise_for_status()
        return (time.perf_counter() - sent) * 1000

    return await asyncio.gather(*(post(place, update) for place, update in enumerate(updates)))


def _update(world: World, number: int) -> dict[str, object]:
    """Return a text message of a technician, one after the other."""
    person = world.technicians[number % len(world.technicians)]
    user = {"id": person.telegram_id, "is_bot": False, "first_name": person.name, "language_code": "id"}
    command = {"type": "bot_command", "offset": 0, "length": 5}
    return {
        "update_id": FIRST_UPDATE + number,
        "message": {
            "message_id": number + 1,
            "date": int(time.time()),
            "chat": {"id": person.telegram_id, "type": "private", "first_name": person.name},
            "from": user | {"username": f"{Simulator().username[:10]}{number}"},
            "text": "/saya",
            "entities": [command],
        },
    }
