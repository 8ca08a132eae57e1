"""Durable timers (DESIGN 11, row 6): from an offer's deadline to the event that is written for it."""

import asyncio
import time

from sqlalchemy import text

from db.session import SYSTEM
from domain.defaults import REMIND_AT_SHARE
from tests.bench.cpu import CpuMeter
from tests.bench.figures import Bar, Row, percentile
from tests.bench.world import FAR_OFF_S, World

AT_ONCE = 20
TRIAL = 100
SLACK = 1.3
"""Setting up slows down as histories and tables grow."""
GAP_S = 2.0
WITHIN_S = 60.0

_REMIND_AT = f"offer_due_at - (offer_due_at - e.at) * {1 - REMIND_AT_SHARE}"


async def measure(world: World) -> list[Row]:
    """Open many offers, some with a reminder due in each round, and look when that was written."""
    plan = world.plan
    per_round = int(plan.due_rate * plan.due_s)
    rate = await _trial(world)
    many = int(min(plan.timers, plan.timers_setup_s * rate / SLACK))
    begins = time.time() + many / rate * SLACK + 5
    dues = [
        begins + number * (plan.due_s + GAP_S) + place / plan.due_rate
        for number in range(plan.rounds)
        for place in range(per_round)
    ]
    measured = await _open(world, dues)
    others = await _open(world, [0.0] * max(0, many - len(dues)))
    spare = begins - time.time()
    await asyncio.sleep(max(0.0, spare))
    meter = CpuMeter(world.stack)
    await asyncio.sleep(max(0.0, dues[-1] - time.time()))
    lags = await _lags(world, measured)
    costs = meter.per(len(dues), "reminder")
    rounds = [lags[number * per_round : (number + 1) * per_round] for number in range(plan.rounds)]
    opened = len(measured) + len(others) + TRIAL
    note = f"{opened} offers open, made at {rate:.0f}/s, {spare:.0f} s to spare; {costs}"
    what = f"timers, {plan.due_rate:g} due/s: deadline → event written"
    return [
        Row(
            f"{what}, p99",
            "s",
            [percentile(one, 0.99) for one in rounds],
            bar=Bar("figure", "≤", 2),
            note=note,
        ),
        Row(f"{what}, p50", "s", [percentile(one, 0.5) for one in rounds]),
    ]


async def _trial(world: World) -> float:
    begun = time.perf_counter()
    await _open(world, [0.0] * TRIAL)
    return TRIAL / (time.perf_counter() - begun)


async def _open(world: World, dues: list[float]) -> list[int]:
    """Open an offer for each due time (seconds since 1970; 0: none in sight) and return their numbers."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(place: int, due: float) -> int:
        async with slots:
            stands = (due - time.time()) / REMIND_AT_SHARE if due else FAR_OFF_S
            return (await world.new_assignment(place, stands_s=stands)).assignment_id

    return await asyncio.gather(*(one(place, due) for place, due in enumerate(dues)))


async def _lags(world: World, offers: list[int]) -> list[float]:
    """Return the seconds from each reminder's deadline to the transaction that wrote it, in order."""
    # The row keeps the database's clock of its last write; the reminder is the last one at this moment.
    query = text(
        f"""
        select extract(epoch from a.updated_at - ({_REMIND_AT})) as lag
        from unnest(cast(:offers as bigint[])) with ordinality as given(id, place)
        join technician_assignments a on a.id = given.id
        join assignment_events e on e.assignment_id = a.id and e.move = 'offer'
        join assignment_events r on r.assignment_id = a.id and r.move = 'remind'
        order by given.place
        """  # noqa: S608 - a constant of this module
    )
    lags: list[float] = []
    for _ in range(int(WITHIN_S)):
        async with world.database.transaction(SYSTEM) as session:
            lags = [float(lag) for lag in await session.scalars(query, {"offers": offers})]
        if len(lags) == len(offers):
            return lags
        await asyncio.sleep(1)
    message = f"{len(offers)} reminders were due, {len(lags)} were written within {WITHIN_S:g} s"
    raise RuntimeError(message)
