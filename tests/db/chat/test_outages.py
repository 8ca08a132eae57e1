"""What is repeated because the database could not do it now."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, ProgrammingError

from db.chat.outages import is_outage
from db.models.machines import EdgeServer
from db.session import SYSTEM, Database


async def test_whoever_loses_a_deadlock_tries_again(demo_database: Database) -> None:
    locked = select(EdgeServer.id).with_for_update()
    both_hold_one = asyncio.Barrier(2)
    async with demo_database.transaction(SYSTEM) as session:
        first, second = await session.scalars(select(EdgeServer.id).limit(2))

    async def take(one: int, other: int) -> None:
        async with demo_database.transaction(SYSTEM) as session:
            await session.execute(locked.where(EdgeServer.id == one))
            await both_hold_one.wait()
            await session.execute(locked.where(EdgeServer.id == other))

    results = await asyncio.gather(take(first, second), take(second, first), return_exceptions=True)

    (lost,) = [one for one in results if one is not None]
    assert isinstance(lost, DBAPIError)
    assert is_outage(lost)


async def test_a_wrong_statement_is_no_outage(demo_database: Database) -> None:
    with pytest.raises(ProgrammingError) as error:
        async with demo_database.transaction(SYSTEM) as session:
            await session.execute(select(EdgeServer.id).where(EdgeServer.id == EdgeServer.name))
    assert not is_outage(error.value)
