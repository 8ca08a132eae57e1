"""``siaga edge``: the box at the machine. Needs none of the server's packages."""

import asyncio
from pathlib import Path

from edge_worker.errors import EdgeError
from siaga.errors import CommandError
from siaga.running import pulse


def set_up(folder: Path | None, code: str, server: str | None) -> int:
    """Trade a single-use code for this box's key, and say what was done.

    Raises:
        CommandError: no server is named, or it refuses.
    """
    from edge_worker.settings import read_settings
    from edge_worker.setup import setup

    try:
        settings = read_settings(folder)
        if not (server or settings.server_url):
            msg = "Where is the server? Say --server <address>, or set SIAGA_SERVER_URL."
            raise CommandError(msg)
        print(setup(server or settings.server_url, code, settings.folder))
    except EdgeError as error:
        raise CommandError(str(error)) from error
    return 0


async def live(folder: Path | None, pulse_file: Path | None, stop: asyncio.Event) -> int:
    """Run the box until asked to stop.

    Raises:
        CommandError: it is not set up, or its files cannot be used.
    """
    from edge_worker import main
    from edge_worker.settings import read_settings

    try:
        settings = read_settings(folder)
        async with pulse(pulse_file):
            await main.run(settings, stop)
    except EdgeError as error:
        raise CommandError(str(error)) from error
    return 0
