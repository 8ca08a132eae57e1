"""Running one process until it is asked to end."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

ROOMS = ("activities", "bot", "db", "domain", "edge_worker", "siaga", "webhooks", "workflows")
_PULSE_EVERY_S = 5.0


def run(main: Callable[[asyncio.Event], Coroutine[None, None, int | None]]) -> int:
    """Run an event loop; Ctrl-C and SIGTERM set the event, and the coroutine then comes to its end."""

    async def with_signals() -> int:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        return await main(stop) or 0

    gc.freeze()  # what is loaded by now stays: the collector need not look at it again and again
    return asyncio.run(with_signals())


async def until(stop: asyncio.Event, work: Coroutine[None, None, int]) -> int:
    """Await the work, or cancel it when the event is set; a cancelled one counts as 0."""
    task, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        return await task
    return 0


def set_up_logging(level: str) -> None:
    """Log our rooms at the level, and others from warnings on (``httpx`` would show the bot token)."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for room in ROOMS:
        logging.getLogger(room).setLevel(level.upper())


@contextlib.asynccontextmanager
async def pulse(file: Path | None) -> AsyncIterator[None]:
    """Touch a file every few seconds while the event loop lives, for whoever watches the process."""
    if file is None:
        yield
        return

    async def beat() -> None:
        while True:
            file.touch()
            await asyncio.sleep(_PULSE_EVERY_S)

    file.touch()
    task = asyncio.create_task(beat(), name="pulse")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        file.unlink(missing_ok=True)
