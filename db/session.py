"""The one way to the database: a transaction with a tenant scope that commits at its end (DESIGN 3.9)."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

STATEMENT_TIMEOUT_MS = 15_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a transaction sees: the database role and, for ``siaga_app``, the organizations."""

    role: str
    organizations: tuple[int, ...] = ()

    @classmethod
    def of(cls, organizations: Iterable[int]) -> Self:
        """Return the scope of a person's or a request's organizations; row-level security enforces it."""
        return cls("siaga_app", tuple(organizations))


SYSTEM = Scope("siaga_system")
"""Receiving, ingest, watch, key look-up and workflow activities: work that no single tenant owns."""

_BEGIN = text("select set_config('role', :role, true), set_config('siaga.orgs', :organizations, true)")


class Database:
    """An engine with its connection pool. ``url`` is an asyncpg URL."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={
                "timeout": 3,
                "server_settings": {"application_name": "siaga", "statement_timeout": str(STATEMENT_TIMEOUT_MS)},
            },
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[AsyncSession]:
        """Open a transaction as the scope's role; commit at the end, roll back on any exception."""
        async with self._sessions() as session, session.begin():
            organizations = ",".join(str(number) for number in scope.organizations)
            await session.execute(_BEGIN, {"role": scope.role, "organizations": organizations})
            yield session

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
