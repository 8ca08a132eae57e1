"""One receiver at a time, on whatever replica: an advisory lock that ends with its connection (DESIGN 6)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.session import Database

_SPACE = 5_417_743
_TRY = text("select pg_try_advisory_lock(:space, hashtext(:name))")
_FREE = text("select pg_advisory_unlock(:space, hashtext(:name))")


class ReceiverLock:
    """The right to ask Telegram for updates."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def check(self) -> None:
        """Return while the lock is held; raises the database's error when its connection is gone."""
        await self._connection.execute(text("select 1"))


@asynccontextmanager
async def receiver_lock(database: Database, name: str) -> AsyncIterator[ReceiverLock | None]:
    """Try to become the receiver of a bot; None: another replica is."""
    given: dict[str, Any] = {"space": _SPACE, "name": name}
    async with database.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        if not await connection.scalar(_TRY, given):
            yield None
            return
        try:
            yield ReceiverLock(connection)
        finally:
            if not connection.invalidated:
                await connection.execute(_FREE, given)
