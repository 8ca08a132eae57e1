"""Durable timers (DESIGN 11, row 6): from an offer's deadline to the event that is written for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import TextClause, text

from domain.defaults import REMIND_AT_SHARE
from tests.bench.cpu import CpuMeter
from tests.bench.figures import Bar, Row, percentile
from tests.bench.lags import unwritten, written_after
from tests.bench.world import FAR_OFF_S, World

AT_ONCE = 20
TRIAL = 100
SLACK = 1.3
"""Setting up slows down as histories and tables grow."""
GAP_S = 2.0

_REMIND_AT = f"e.at + (a.offer_due_at - e.at) * {REMIND_AT_SHARE}"
_REMINDED = text(
    f"""
    select extract(epoch from coalesce(d.created_at, now()) - ({_REMIND_AT})) as lag,
      d.id is not null as written
    from unnest(cast(:numbers as bigint[])) with ordinality as given(id, place)
    join technician_assignments a on a.id = given.id
    join assignment_events e on e.assignment_id = a.id and e.move = 'offer'
    left join deliveries d
      on d.thing = 'assignment' and d.thing_id = a.id and d.template = 'assignment_reminder'
    order by given.place
    """  # noqa: S608 - constants of this module
)
"""The reminder's notice is written in the transaction of its event, and keeps the database's clock."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What waits for a deadline; ``open`` is given its place and in how many seconds that is.

    ``lags`` is a query for ``written_after``, given the ``numbers`` of those that are measured.
    """

    what: str
    things: str
    fired: str
    open: Callable[[World, int, float], Awaitable[int]]
    lags: TextClause


async def measure(world: World) -> list[Row]:
    """Open offers whose reminders fall due."""

    async def offer(at: World, place: int, due_s: float) -> int:
        return (await at.new_assignment(place, stands_s=due_s / REMIND_AT_SHARE)).assignment_id

    return await measure_timed(world, Timed("timers", "offers", "reminder", offer, _REMINDED))


async def measure_timed(world: World, timed: Timed) -> list[Row]:
    """Open as many as there is time for, some due in each round, and look when that was written."""
    plan = world.plan
    per_round = int(plan.due_rate * plan.due_s)
    rate = await _trial(world, timed)
    many = int(min(plan.timers, plan.timers_setup_s * rate / SLACK))
    begins = time.time() + many / rate * SLACK + 5
    dues = [
        begins + number * (plan.due_s + GAP_S) + place / plan.due_rate
        for number in range(plan.rounds)
        for place in range(per_round)
    ]
    measured = await _open(world, timed, dues)
    others = await _open(world, timed, [0.0] * max(0, many - len(dues)))
    spare = begins - time.time()
    await asyncio.sleep(max(0.0, spare))
    meter = CpuMeter(world.stack)
    await asyncio.sleep(max(0.0, dues[-1] - time.time()))
    lags, missing = await written_after(world, timed.lags, {"numbers": measured})
    costs = meter.per(len(dues), timed.fired)
    rounds = [lags[number * per_round : (number + 1) * per_round] for number in range(plan.rounds)]
    made = f"{len(measured) + len(others) + TRIAL} {timed.things} open, made at {rate:.0f}/s"
    note = f"{made}, {spare:.0f} s to spare; {costs}{unwritten(missing)}"
    what = f"{timed.what}, {plan.due_rate:g} due/s: deadline → event written"
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


async def _trial(world: World, timed: Timed) -> float:
    begun = time.perf_counter()
    await _open(world, timed, [0.0] * TRIAL)
    return TRIAL / (time.perf_counter() - begun)


async def _open(world: World, timed: Timed, dues: list[float]) -> list[int]:
    """Open one for each due time (seconds since 1970; 0: none in sight) and return their numbers."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(place: int, due: float) -> int:
        async with slots:
            return await timed.open(world, place, due - time.time() if due else FAR_OFF_S)

    return await asyncio.gather(*(one(place, due) for place, due in enumerate(dues)))
