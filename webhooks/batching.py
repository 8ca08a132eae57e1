"""Many requests within a few milliseconds become one piece of work (DESIGN 7)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from db.chat.outages import is_outage
from domain.errors import Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

log = logging.getLogger(__name__)

COLLECT_S = 0.005
"""How long the first item of a batch waits for others."""
BATCH = 500


class Batcher(Generic[Item, Result]):
    """Collects items while the previous batch is at work and hands them over together.

    ``work`` returns one result per item, in order. Items wait in a bounded line: what does not fit is refused
    before anything was acknowledged.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], *, bound: int) -> None:
        self._work = work
        self._bound = bound
        self._waiting: list[tuple[Item, asyncio.Future[Result], float]] = []
        self._arrived = asyncio.Event()

    async def put(self, item: Item) -> Result:
        """Wait for the item's result.

        Raises:
            Unavailable: too much is waiting already, or the database is gone; nothing was stored.
        """
        if len(self._waiting) >= self._bound:
            raise Unavailable(part="ingest")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, done, loop.time()))
        self._arrived.set()
        return await done

    async def run(self) -> None:
        """Work off batches until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            waited = loop.time() - self._waiting[0][2]
            if waited < COLLECT_S and len(self._waiting) < BATCH:
                await asyncio.sleep(COLLECT_S - waited)
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if not self._waiting:
                self._arrived.clear()
            await self._hand_over(batch)

    async def _hand_over(self, batch: Sequence[tuple[Item, asyncio.Future[Result], float]]) -> None:
        try:
            results = await self._work([item for item, _, _ in batch])
        except Exception as error:  # noqa: BLE001 - every waiting request must hear of it; the next batch may fare better
            answer = Unavailable(part="database") if is_outage(error) else error
            log.warning("a batch of %d failed: %r", len(batch), error)
            for _, done, _ in batch:
                if not done.done():
                    done.set_exception(answer)
            return
        for (_, done, _), result in zip(batch, results, strict=True):
            if not done.done():
                done.set_result(result)
