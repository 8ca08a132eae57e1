"""From a customer's message to the ticket's topic in the staff's group, at Telegram's real pace (issue 4)."""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from db.chat.rates import GROUP_MINUTE_S
from domain.relays import BURST_S
from tests.bench.cpu import CpuMeter
from tests.bench.desks import Customer, Desk, add_desk, add_phones, open_ticket
from tests.bench.figures import Bar, Row, percentile
from tests.bench.taps import PAUSE_S
from tests.bench.world import World

A_MINUTE = 15
"""The most relays that a group gets in any sixty seconds."""
PRESSED = 4 / 3
"""Customers would write this much oftener, so that the limit above is what they meet."""
APART_S = BURST_S + 1.5
"""Between words of one customer: what comes sooner is joined to the relay before it, which is an edit."""
WITHIN_S = 60.0
CUSTOMERS = 5

Said = tuple[float, str]
"""When a customer sent words, in seconds since 1970, and the words."""


@dataclass
class Talk:
    """The customers of a desk writing one after the other, at random but within the limit."""

    desk: Desk
    chance: random.Random
    said_at: list[float] = field(default_factory=list)

    def times(self, begins: float, seconds: float) -> Iterator[tuple[float, Customer]]:
        """Return who writes when, ``begins`` and moments on the same clock."""
        at = begins
        while True:
            at += self.chance.expovariate(A_MINUTE * PRESSED / 60)
            if len(self.said_at) >= A_MINUTE:
                at = max(at, self.said_at[-A_MINUTE] + 60)
            if len(self.said_at) >= CUSTOMERS:
                at = max(at, self.said_at[-CUSTOMERS] + APART_S)
            if at > begins + seconds:
                return
            yield at, self.desk.customers[len(self.said_at) % CUSTOMERS]
            self.said_at.append(at)


async def measure(world: World) -> list[Row]:
    """Measure rounds of: words through a bare bot, then customers of all desks writing at once."""
    plan, costs, many, refused = world.plan, "", 0, 0
    p95, p50, bare = [], [], []
    await world.start_bot()
    async with httpx.AsyncClient(base_url=world.simulator, timeout=60, trust_env=False) as phone:
        try:
            talks = await _open_desks(world, phone)
            words = (f"kata-{number}" for number in itertools.count())
            for _ in range(plan.rounds):
                bare.append(percentile(await _null_bot(world), 0.95))
                meter = CpuMeter(world.stack)
                said, calls = await _round(world, phone, talks, words)
                costs = meter.per(len(said), "relay")
                lags = [_relayed_after(one, calls) for one in said]
                p95.append(percentile(lags, 0.95))
                p50.append(percentile(lags, 0.5))
                many += len(said)
                refused += sum(call["status"] == 429 for call in calls)
        finally:
            await phone.post("/sim/limits", json={"mode": "off"})
            await world.stop_bot()
    rate = many / len(talks) / plan.rounds / plan.relay_load_s * 60
    note = f"{len(talks)} groups, {rate:.1f} relays a minute in each, {refused} calls refused (429); {costs}"
    what = f"customer message → staff topic, at most {A_MINUTE} a minute and group"
    by_bare = "bare bot's answer, p95"
    return [
        Row(f"{what}, p95", "ms", p95, by_bare, bare, Bar("figure", "≤", 1500), note),
        Row(f"{what}, p50", "ms", p50),
    ]


async def _open_desks(world: World, phone: httpx.AsyncClient) -> list[Talk]:
    """Give each customer an open ticket with its topic; then wait until the groups' minutes are unused."""
    desks = [
        await add_phones(world, await add_desk(world, number, CUSTOMERS), phone)
        for number in range(world.plan.desks)
    ]
    await world.chat_is_quiet()
    for desk in desks:
        for customer in desk.customers:
            await open_ticket(world, desk, customer)
    await world.chat_is_quiet()
    await phone.post("/sim/limits", json={"mode": "strict"})
    await asyncio.sleep(GROUP_MINUTE_S)
    return [Talk(desk, random.Random(number)) for number, desk in enumerate(desks)]  # noqa: S311 - the same each run


async def _round(
    world: World, phone: httpx.AsyncClient, talks: list[Talk], words: Iterator[str]
) -> tuple[list[Said], list[dict[str, object]]]:
    """Let all desks' customers write for a round; return what was said, and what was sent meanwhile."""
    before = await _last_call(phone)
    loop = asyncio.get_running_loop()
    begins = loop.time() + 1

    async def say(at: float, customer: Customer, word: str) -> Said:
        await asyncio.sleep(at - loop.time())
        sent = time.time()
        to = f"/sim/people/{customer.telegram_id}/messages"
        (await phone.post(to, json={"text": word})).raise_for_status()
        return sent, word

    planned = [one for talk in talks for one in talk.times(begins, world.plan.relay_load_s)]
    said = await asyncio.gather(*(say(at, customer, next(words)) for at, customer in planned))
    until = loop.time() + WITHIN_S
    given: dict[str, int | str] = {"after": before, "method": "sendMessage"}
    while True:
        await world.chat_is_quiet()
        calls = (await phone.get("/sim/calls", params=given)).json()
        if loop.time() > until or all(_relayed_after(one, calls) < WITHIN_S * 1000 for one in said):
            return said, calls
        await asyncio.sleep(0.5)


async def _last_call(phone: httpx.AsyncClient) -> int:
    calls = (await phone.get("/sim/calls")).json()
    return int(calls[-1]["seq"]) if calls else 0


def _relayed_after(said: Said, calls: list[dict[str, object]]) -> float:
    """Return the milliseconds until words were in a group, at most those of ``WITHIN_S``."""
    sent, word = said
    for call in calls:
        params, at = call["params"], call["at"]
        if not isinstance(params, dict) or not isinstance(at, float) or call["status"] != 200:
            continue
        if int(params["chat_id"]) < 0 and str(params["text"]).endswith(f"\n{word}"):
            return (at - sent) * 1000
    return WITHIN_S * 1000


async def _null_bot(world: World) -> list[float]:
    """Return the milliseconds from words to a bare bot's answer."""
    found = []
    async with httpx.AsyncClient(base_url=world.null_simulator, timeout=60, trust_env=False) as phone:
        person = (await phone.post("/sim/people", json={"first_name": "Null"})).json()["id"]
        before = await _last_call(phone)
        for _ in range(world.plan.single_taps):
            sent = time.time()
            await phone.post(f"/sim/people/{person}/messages", json={"text": "word"})
            calls: list[dict[str, float]] = []
            while not calls:
                await asyncio.sleep(0.01)
                given: dict[str, int | str] = {"after": before, "method": "sendMessage"}
                calls = (await phone.get("/sim/calls", params=given)).json()
            before = int(calls[-1]["seq"])
            found.append((calls[-1]["at"] - sent) * 1000)
            await asyncio.sleep(PAUSE_S)
    return found
