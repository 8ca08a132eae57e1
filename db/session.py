"""The one way to the database: a transaction with a tenant scope that commits at its end (DESIGN 3.9)."""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

STATEMENT_TIMEOUT_MS = 15_000
PING_AFTER_S = 20.0
"""A connection that rested for longer is asked whether it still stands before it is used."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a transaction sees: the database role and, for ``siaga_app``, the organizations.

    A customer's scope names pharmacies besides: of their organization's tickets only those are seen.
    """

    role: str
    organizations: tuple[int, ...] = ()
    pharmacies: tuple[int, ...] = ()

    @classmethod
    def of(cls, organizations: Iterable[int], pharmacies: Iterable[int] = ()) -> Self:
        """Return the scope of a person's or a request's organizations; row-level security enforces it."""
        return cls("siaga_app", tuple(organizations), tuple(pharmacies))


SYSTEM = Scope("siaga_system")
"""Receiving, ingest, watch, key look-up and workflow activities: work that no single tenant owns.

Every connection has this role from the start, so that these transactions need no statement for it.
"""

_ENTER = text(
    "select set_config('role', :role, true), set_config('siaga.orgs', :organizations, true), "
    "set_config('siaga.pharmacies', :pharmacies, true)"
)


class Database:
    """An engine with its connection pool. ``url`` is an asyncpg URL of a migrated database."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            # The connection used last knows the statements already: a first use takes tens of milliseconds.
            pool_use_lifo=True,
            connect_args={
                "timeout": 3,
                "server_settings": {
                    "application_name": "siaga",
                    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                    "role": SYSTEM.role,
                },
            },
        )
        _check_rested(self.engine)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        by_itself = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._statements = async_sessionmaker(by_itself, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[AsyncSession]:
        """Open a transaction as the scope's role; commit at the end, roll back on any exception."""
        async with self._sessions() as session, session.begin():
            if scope != SYSTEM:
                given = {"organizations": scope.organizations, "pharmacies": scope.pharmacies}
                listed = {name: ",".join(map(str, numbers)) for name, numbers in given.items()}
                await session.execute(_ENTER, {"role": scope.role, **listed})
            yield session

    @asynccontextmanager
    async def statements(self) -> AsyncIterator[AsyncSession]:
        """Open a session of the system's scope in which each statement is a transaction by itself.

        For what is read, or written by one statement: two round trips less than a transaction of one.
        """
        async with self._statements() as session:
            yield session

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _check_rested(engine: AsyncEngine) -> None:
    """Replace dead connections when they are taken from the pool.

    Not by ``pool_pre_ping``: its three round trips are as many as most transactions have themselves. The
    driver knows of an end that the server or the kernel told; only a connection that rested may have been
    forgotten on the way, by a firewall say.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def _returned(_connection: Any, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own shapes
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own shapes
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        rests_since = record.info.get("rests_since")
        if rests_since is None or time.monotonic() - rests_since < PING_AFTER_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error
