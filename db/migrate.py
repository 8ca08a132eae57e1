"""Bring a database's schema up or down, and say where it stands."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

FOLDER = Path(__file__).parent / "migrations"


def config(url: str) -> Config:
    """Return Alembic's configuration for one database."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["url"] = url
    return settings


def head() -> str:
    """Return the newest revision in the code."""
    revision = ScriptDirectory(str(FOLDER)).get_current_head()
    if revision is None:
        message = "there are no migrations"
        raise RuntimeError(message)
    return revision


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up to a revision. Must not be called inside a running event loop."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down to a revision. Must not be called inside a running event loop."""
    command.downgrade(config(url), revision)


async def upgrade_async(url: str) -> None:
    """Migrate up from inside an event loop."""
    await asyncio.to_thread(upgrade, url)


async def current(url: str) -> str | None:
    """Return the revision a database is at; None when it is empty."""
    async with create_async_engine(url, poolclass=NullPool).connect() as connection:
        if await connection.scalar(text("select to_regclass('alembic_version')")) is None:
            return None
        revision: str | None = await connection.scalar(text("select version_num from alembic_version"))
        return revision
