"""Sending: due deliveries are claimed within the rates, rendered from the latest row, and sent (DESIGN 6)."""

import asyncio
import logging
import time
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.courier import Courier, Record
from bot.parts import Parts
from bot.waiting import first_of, pause
from db.chat import cards, outcomes, queue, rates
from db.chat.outages import is_outage
from db.chat.queue import Due
from db.session import SYSTEM
from domain.chat import Loudness

log = logging.getLogger(__name__)

IN_FLIGHT = 16
LOOK_EVERY_S = 1.0
SETTLE_S = 0.04
"""What one move causes leaves together, and after the answer to the tap that caused it."""
SWEEP_EVERY_S = 5.0
SPACING_S = 0.034
"""Calls of this process are never closer, even after a stall: the token's limit is a sliding second."""
RECORD_FOR_S = 20.0
STOP_WITHIN_S = 20.0


class Sender:
    """Sends until told to stop; any number of replicas may run."""

    def __init__(self, parts: Parts, wake: asyncio.Event) -> None:
        self._database = parts.settings.database
        self._courier = Courier(parts, self._space)
        self._wake = wake
        self._owner = uuid4()
        self._active: dict[asyncio.Task[None], int] = {}
        """Calls under way, each with its delivery, which may have two: one that left and its repeat."""
        self._spacing = asyncio.Lock()
        self._last_call = 0.0
        self._swept = 0.0
        self._lost: set[int] = set()
        """Deliveries that may have left and whose outcome could not be written: the sweep takes them up."""
        self._unsure = False
        """A claim may have been made whose answer did not come."""

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and send; at the end let calls under way finish."""
        while not stop.is_set():
            self._wake.clear()
            try:
                wait = await self._round()
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("nothing can be sent, the database is away: %s", error)
                wait = LOOK_EVERY_S
            if wait > 0:
                await first_of((stop, self._wake), min(wait, LOOK_EVERY_S))
                await pause(stop, SETTLE_S)
        if self._active:
            await asyncio.wait(self._active, timeout=STOP_WITHIN_S)

    async def _round(self) -> float:
        """Claim what may be sent; return how long to wait before the next look."""
        if time.monotonic() - self._swept > SWEEP_EVERY_S:
            self._swept = time.monotonic()
            await self._sweep()
        if len(self._active) >= IN_FLIGHT:
            return LOOK_EVERY_S
        async with self._database.transaction(SYSTEM) as session:
            if self._unsure:
                await self._put_back(session)
            self._unsure = True
            claim = await queue.claim(session, self._owner)
        self._unsure = False
        for due in claim.due:
            task = asyncio.create_task(self._deliver(due, claim.at + due.after_s), name=f"delivery {due.id}")
            self._active[task] = due.id
            task.add_done_callback(self._delivered)
        return LOOK_EVERY_S if claim.next_in_s is None else max(0.0, claim.next_in_s)

    async def _put_back(self, session: AsyncSession) -> None:
        """Make due again what was claimed and never came here."""
        for due in await queue.unknown(session, self._owner, {*self._active.values(), *self._lost}):
            await outcomes.again(session, due, "the claim's answer did not come", wait_s=0.0)
            await rates.release(session, self._owner, due.chat_id)

    async def _deliver(self, due: Due, at: float) -> None:
        await asyncio.sleep(at - time.monotonic())
        record = await self._courier.carry(due)
        if await self._record(due, record):
            self._wake.set()

    def _delivered(self, task: asyncio.Task[None]) -> None:
        if len(self._active) >= IN_FLIGHT:
            self._wake.set()
        delivery = self._active.pop(task)
        if not task.cancelled() and task.exception() is not None:
            self._lost.add(delivery)
            log.error("%s stopped; its outcome counts as unknown", task.get_name(), exc_info=task.exception())

    async def _space(self) -> None:
        """Keep calls apart."""
        async with self._spacing:
            wait = self._last_call + SPACING_S - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            self._last_call = time.monotonic()

    async def _record(self, due: Due, record: Record) -> bool:
        """Write an outcome, let go of the chat, and return whether more waits there.

        When the database is away, it is tried while the lease lasts. What was written although the answer
        did not come is not written again: the chat may have been claimed for the next delivery since.
        """
        until = time.monotonic() + RECORD_FOR_S
        tried = False
        while True:
            try:
                async with self._database.transaction(SYSTEM) as session:
                    if tried and not await queue.is_open(session, due):
                        return True
                    await record(session)
                    return await rates.release(session, self._owner, due.chat_id)
            except Exception as error:
                if not is_outage(error) or time.monotonic() > until:
                    raise
                log.warning("the outcome of delivery %s waits for the database: %s", due.id, error)
                tried = True
                await asyncio.sleep(0.5)

    async def _sweep(self) -> None:
        """Take up deliveries whose sender died: whether they left is unknown."""
        async with self._database.transaction(SYSTEM) as session:
            for due in await queue.stuck(session):
                log.warning("delivery %s was left by its sender", due.id)
                first = await _is_first(session, due)
                await outcomes.unknown(session, due, "the sender stopped", first_send=first)


async def _is_first(session: AsyncSession, due: Due) -> bool:
    """Return whether a delivery would have made a new message."""
    if due.card_id is None:
        return due.edit_message_id is None
    card = await cards.card_by_id(session, due.card_id)
    return card is None or card.message_id is None or due.loudness != Loudness.EDIT
