"""Alembic's entry: one connection, short lock waits, one transaction per migration."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from db.models.everything import METADATA

MIGRATION_LOCK = 5_417_742
"""Advisory lock: replicas that start together migrate one after the other."""


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        transaction_per_migration=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    engine = create_async_engine(context.config.attributes["url"], poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text("set lock_timeout = '4s'"))
        await connection.execute(text("set statement_timeout = '60s'"))
        await connection.execute(text("set idle_in_transaction_session_timeout = '60s'"))
        await connection.execute(text(f"select pg_advisory_lock({MIGRATION_LOCK})"))
        await connection.commit()
        await connection.run_sync(_migrate)
        await connection.execute(text(f"select pg_advisory_unlock({MIGRATION_LOCK})"))
        await connection.commit()
    await engine.dispose()


asyncio.run(_online())
