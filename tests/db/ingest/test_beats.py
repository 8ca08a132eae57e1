"""Many beats in one transaction."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select, text

from db.ingest.beats import Beat, store_beats
from db.ingest.spool import SpoolEntry
from db.models.machines import EdgeServer
from db.moves.fleet import mark_watched
from db.session import SYSTEM, Database
from domain.errors import Replayed, SignatureInvalid
from domain.machines import Connection
from tests.waiting import eventually

_WAITING = text("select count(*) from pg_locks where not granted")


def beat(server: int, nonce: str, *sequences: int) -> Beat:
    now = datetime.now(UTC)
    return Beat(server, nonce, entries=[SpoolEntry(number, "door", now, "{}") for number in sequences])


async def servers(database: Database) -> list[int]:
    async with database.transaction(SYSTEM) as session:
        return list(await session.scalars(select(EdgeServer.id).order_by(EdgeServer.id)))


async def test_each_beat_of_a_batch_has_its_own_outcome(demo_database: Database) -> None:
    first, second, *_ = await servers(demo_database)
    batch = [
        beat(first, "a", 1, 2),
        beat(second, "a", 5),
        beat(first, "a", 9),  # the same nonce again
        beat(first, "b", 3),
        beat(4711, "c", 1),  # gone
    ]
    async with demo_database.transaction(SYSTEM) as session:
        outcomes = await store_beats(session, batch)

    assert outcomes[:2] == [3, 0]
    assert isinstance(outcomes[2], Replayed)
    assert outcomes[3] == 3
    assert isinstance(outcomes[4], SignatureInvalid)


async def test_replicas_that_store_the_same_boxes_at_once_do_not_block_each_other(
    demo_database: Database,
) -> None:
    numbers = await servers(demo_database)

    async def replica(name: int) -> list[object]:
        given = numbers if name % 2 else numbers[::-1]
        async with demo_database.transaction(SYSTEM) as session:
            return list(await store_beats(session, [beat(one, f"n{name}", name) for one in given]))

    outcomes = await asyncio.gather(*(replica(name) for name in range(1, 9)))

    assert all(isinstance(one, int) for outcome in outcomes for one in outcome)


async def test_the_watch_marks_boxes_that_beat_meanwhile(demo_database: Database) -> None:
    first, second, third, *_ = await servers(demo_database)
    marks = {third: Connection.ONLINE, second: Connection.OFFLINE, first: Connection.ONLINE}
    locked = select(EdgeServer.id).with_for_update(key_share=True, nowait=True)
    async with demo_database.transaction(SYSTEM) as session:
        # Now the first lies behind the others, where a scan would come to it last.
        await store_beats(session, [beat(first, "a")])

    async def mark() -> None:
        async with demo_database.transaction(SYSTEM) as session:
            await mark_watched(session, marks)

    async with demo_database.transaction(SYSTEM) as session:
        await session.execute(locked.where(EdgeServer.id == first))
        marking = asyncio.create_task(mark())
        await eventually(lambda: session.scalar(_WAITING), bool)
        await session.execute(locked.where(EdgeServer.id.in_([second, third])))
    await marking
    async with demo_database.transaction(SYSTEM) as session:
        rows = await session.execute(
            select(EdgeServer.id, EdgeServer.watch_mark).where(EdgeServer.watch_mark.is_not(None))
        )
        assert dict(rows.all()) == marks


async def test_the_figures_of_the_last_beat_are_kept(demo_database: Database) -> None:
    first, *_ = await servers(demo_database)
    figures = [f'{{"cpu_percent": {number}.5}}' for number in (10, 20)]
    async with demo_database.transaction(SYSTEM) as session:
        await store_beats(session, [Beat(first, f"n{one}", one) for one in figures])
        stored = await session.scalar(select(EdgeServer.health).where(EdgeServer.id == first))

    assert stored == {"cpu_percent": 20.5}
