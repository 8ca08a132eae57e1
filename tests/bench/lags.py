"""How long after its deadline something was written, by the database's clock."""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy import TextClause

from db.session import SYSTEM
from tests.bench.world import World

WITHIN_S = 60.0


async def written_after(
    world: World, query: TextClause, given: Mapping[str, object]
) -> tuple[Sequence[float], int]:
    """Ask until everything is written; return the seconds of lag, and how many were not written in time.

    The query selects ``lag`` and ``written`` of each; what is not written has the lag up to now.
    """
    rows = []
    for _ in range(int(WITHIN_S)):
        async with world.database.transaction(SYSTEM) as session:
            rows = list(await session.execute(query, given))
        if all(row.written for row in rows):
            break
        await asyncio.sleep(1)
    return [float(row.lag) for row in rows], sum(not row.written for row in rows)


def unwritten(many: int) -> str:
    """Return what a note says of those."""
    return f"; {many} not written within {WITHIN_S:g} s" if many else ""
