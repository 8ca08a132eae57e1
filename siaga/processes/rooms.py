"""What several processes open alike: the database and the gateway, from the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from db.session import Database
from db.store import LocalStore
from siaga.errors import CommandError
from siaga.settings import Settings
from siaga.stack import folder
from siaga.temporal import connect
from workflows.client import Gateway


@dataclass(frozen=True, slots=True)
class Opened:
    """Open resources of one process."""

    database: Database
    gateway: Gateway
    store: LocalStore


@asynccontextmanager
async def opened(settings: Settings, *, connections: int) -> AsyncIterator[Opened]:
    """Open what bot and API share; neither needs PostgreSQL or Temporal to be there yet (DESIGN 3.12)."""
    database = Database(settings.database_url, pool_size=connections)
    try:
        gateway = Gateway(await connect(settings, lazy=True))
        yield Opened(database, gateway, LocalStore(settings.files_dir))
    finally:
        await database.dispose()


def required(settings: Settings) -> Settings:
    """Return settings that name a database and a Temporal, from the running stack if need be.

    Raises:
        CommandError: neither says where one of them is.
    """
    found = folder.with_running_stack(settings)
    for name, value in (
        ("DATABASE_URL", found.database_url),
        ("TEMPORAL_ADDRESS", found.temporal_address),
    ):
        if not value:
            msg = f"{name} is not set, and no stack runs over {found.data_dir}. `siaga up` runs everything."
            raise CommandError(msg)
    return found
