"""A database for a single command: the given one, the running stack's, or the embedded one started for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from siaga.settings import Settings
from siaga.stack import folder
from siaga.stack.postgres import Postgres
from siaga.stack.supervisor import Supervisor


@asynccontextmanager
async def reachable_database(settings: Settings) -> AsyncIterator[str]:
    """Yield the URL of the database that the settings mean.

    Raises:
        StackError: the embedded one did not start.
    """
    found = folder.with_running_stack(settings)
    if found.database_url:
        yield found.database_url
        return
    data_dir = settings.data_dir.resolve()
    with folder.claimed(data_dir):
        supervisor = Supervisor()
        server = Postgres(data_dir / "postgres", data_dir / "logs" / "postgres.log")
        try:
            await server.start(supervisor)
            yield server.url()
        finally:
            await supervisor.stop_all()
