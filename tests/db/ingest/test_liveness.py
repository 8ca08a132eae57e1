"""Ingest says that it is alive; a gap starts the deadlines anew."""

from datetime import timedelta

from sqlalchemy import func, select, text

from db.ingest.liveness import forget_old, pulse
from db.models.core import IdempotencyKey
from db.models.machines import EdgeNonce, IngestLiveness
from db.session import SYSTEM, Database


async def resumed_for(database: Database, silence_s: float) -> bool:
    """Pulse, be silent, pulse; return whether the second pulse began anew."""
    async with database.transaction(SYSTEM) as session:
        await pulse(session)
        await session.execute(
            text(
                "update ingest_liveness set resumed_at = now() - interval '1 day', "
                "alive_at = now() - cast(:silence as interval)"
            ),
            {"silence": timedelta(seconds=silence_s)},
        )
        await pulse(session)
        row = await session.get_one(IngestLiveness, 1, populate_existing=True)
        return (row.alive_at - row.resumed_at) < timedelta(hours=1)


async def test_short_silence_is_no_gap(database: Database) -> None:
    assert not await resumed_for(database, 2)


async def test_a_long_silence_starts_the_deadlines_anew(database: Database) -> None:
    assert await resumed_for(database, 6)


async def test_old_nonces_and_keys_are_forgotten_and_fresh_ones_kept(database: Database) -> None:
    async with database.transaction(SYSTEM) as session:
        now = (await session.scalars(select(func.now()))).one()
        for number, age in enumerate((timedelta(minutes=9), timedelta(minutes=11))):
            session.add(EdgeNonce(edge_server_id=1, nonce=str(number), seen_at=now - age))
        for number, age in enumerate((timedelta(days=29), timedelta(days=31))):
            session.add(IdempotencyKey(source=str(number), body_hash="x", created_at=now - age))
        await session.flush()
        await forget_old(session)
        assert list(await session.scalars(select(EdgeNonce.nonce))) == ["0"]
        assert list(await session.scalars(select(IdempotencyKey.source))) == ["0"]
