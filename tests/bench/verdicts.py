"""The offline verdict (DESIGN 11, row 7): from a missed deadline to the machine's row."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import text

from db.session import SYSTEM
from domain.machines import Connection
from tests.bench.cpu import CpuMeter
from tests.bench.figures import Bar, Row, percentile
from tests.bench.furnish import Machine, add_machines, begin_lives
from tests.bench.lags import unwritten, written_after
from tests.bench.world import World

MISSED_AFTER_S = 5.0
AHEAD_S = 3.0

_BEATING = text(
    """
    update edge_servers set last_heartbeat = now(), beat_due_at = now() + interval '1 day'
    where id = any(cast(:servers as bigint[]))
    """
)
_STOP = text(
    """
    update edge_servers set beat_due_at = now() + (:ahead + (given.place - 1) / :rate) * interval '1 second'
    from unnest(cast(:servers as bigint[])) with ordinality as given(id, place)
    where edge_servers.id = given.id
    """
)
_LAGS = text(
    """
    select m.connection = 'offline' as written, extract(epoch from
      case when m.connection = 'offline' then m.updated_at else now() end - s.beat_due_at) as lag
    from edge_servers s join edge_devices d on d.edge_server_id = s.id
    join rvm_machines m on m.id = d.rvm_machine_id
    where s.id = any(cast(:servers as bigint[]))
    """
)


async def measure(world: World) -> list[Row]:
    """Let other machines of the fleet fall silent in each round, so many a second."""
    plan = world.plan
    fleet = await add_machines(
        world, plan.watched, connection=Connection.ONLINE, missed_after_s=MISSED_AFTER_S
    )
    async with world.database.transaction(SYSTEM) as session:
        await session.execute(_BEATING, {"servers": [one.server_id for one in fleet]})
    await begin_lives(world, fleet, Connection.ONLINE)
    await world.gateway.watch_fleet()
    await asyncio.sleep(MISSED_AFTER_S + 2)
    rounds, missing = [], 0
    meter = CpuMeter(world.stack)
    for number in range(plan.rounds):
        silent = fleet[number * plan.lost : (number + 1) * plan.lost]
        lags, late = await _silence(world, silent)
        rounds.append(lags)
        missing += late
    what = f"offline verdict, {plan.watched} devices, {plan.due_rate:g} lost/s: deadline → row"
    costs = meter.per(plan.lost * plan.rounds, "verdict")
    return [
        Row(
            f"{what}, p99",
            "s",
            [percentile(one, 0.99) for one in rounds],
            bar=Bar("figure", "≤", 5),
            note=costs + unwritten(missing),
        ),
        Row(f"{what}, p50", "s", [percentile(one, 0.5) for one in rounds]),
    ]


async def _silence(world: World, machines: Sequence[Machine]) -> tuple[Sequence[float], int]:
    """Let the deadlines of these machines pass one after the other; return the lags and how many stay out."""
    servers = [one.server_id for one in machines]
    given = {"servers": servers, "ahead": AHEAD_S, "rate": world.plan.due_rate}
    async with world.database.transaction(SYSTEM) as session:
        await session.execute(_STOP, given)
    await asyncio.sleep(AHEAD_S + len(machines) / world.plan.due_rate)
    return await written_after(world, _LAGS, {"servers": servers})
