"""Handling stored updates: lanes are claimed, each is served in order, sixteen at a time (DESIGN 6)."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from uuid import UUID, uuid4

from bot.albums import album_at, settles_in_s
from bot.application import App, handle, parse
from bot.gate import set_right
from bot.handling import Handling, NotedYet
from bot.parts import Parts
from bot.waiting import first_of
from db.chat import deliveries, lanes
from db.chat.lanes import QueuedUpdate
from db.chat.outages import is_outage
from db.session import SYSTEM

log = logging.getLogger(__name__)

LANES = 16
ATTEMPTS = 5
RENEW_S = 10.0
STOP_WITHIN_S = 10.0
LONGEST_WAIT_S = 30.0


class After(Enum):
    """What a lane needs after an update: the next one, a claim later, or nothing (it is empty or lost)."""

    NEXT = auto()
    LATER = auto()
    NOTHING = auto()


class Consumer:
    """Serves lanes until told to stop; any number of replicas may run."""

    def __init__(self, parts: Parts, application: App, wake: asyncio.Event) -> None:
        self._parts = parts
        self._database = parts.settings.database
        self._application = application
        self._wake = wake
        self._owner = uuid4()
        self._stopping = False
        self._active: dict[str, asyncio.Task[bool]] = {}

    @property
    def owner(self) -> UUID:
        """Whose lanes are served here."""
        return self._owner

    @property
    def free(self) -> int:
        """How many lanes more can be served now."""
        return 0 if self._stopping else max(0, LANES - len(self._active))

    async def give_back(self) -> None:
        """Let go of every lane that is left at the end, the receiver's last claims among them."""
        try:
            async with self._database.statements() as session:
                await lanes.give_back(session, self._owner)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("the leases end by themselves, the database is away: %s", error)

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and serve lanes; at the end let running handlers finish."""
        renewing = asyncio.create_task(self._renew())
        try:
            while not stop.is_set():
                wait = await self._claim()
                if wait > 0:
                    await first_of((stop, self._wake), wait)
                self._wake.clear()
        finally:
            self._stopping = True
            await self._finish()
            renewing.cancel()

    async def _claim(self) -> float:
        """Start serving what can be claimed; return how long to wait before the next look."""
        free = self.free
        if free == 0:
            return 1.0
        try:
            async with self._database.statements() as session:
                found = await lanes.claim(session, self._owner, free, self._active)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("no lane can be claimed, the database is away: %s", error)
            return 1.0
        self.serve(found.heads)
        if len(found.heads) == free:
            return 0.0
        return 1.0 if found.next_in_s is None else min(1.0, max(0.01, found.next_in_s))

    def serve(self, heads: Mapping[str, Sequence[QueuedUpdate]]) -> None:
        """Begin to serve lanes that are claimed, each with the first of what waits in it."""
        if self._stopping:
            return  # given back at the end
        for lane, queued in heads.items():
            former = self._active.get(lane)
            job = self._serve(lane, queued) if former is None else self._serve_after(former, lane)
            task = asyncio.create_task(job, name=f"lane {lane}")
            self._active[lane] = task
            task.add_done_callback(partial(self._served, lane))

    def _served(self, lane: str, task: asyncio.Task[bool]) -> None:
        was_full = len(self._active) >= LANES
        if self._active.get(lane) is task:
            del self._active[lane]
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            log.error("lane %s stopped and will be claimed again", lane, exc_info=failure)
        # Otherwise the database told of whatever came meanwhile.
        if was_full or task.cancelled() or failure is not None or task.result():
            self._wake.set()

    async def _serve_after(self, former: asyncio.Task[bool], lane: str) -> bool:
        """Serve a lane that was claimed while it was served: let go of it just now, or claimed twice.

        What came with the claim may be handled by then, so it is asked for anew.
        """
        await asyncio.wait((former,))
        return await self._serve(lane, ())

    async def _serve(self, lane: str, queued: Sequence[QueuedUpdate]) -> bool:
        """Handle what waits in a lane; return whether it is to be claimed again."""
        try:
            while True:
                if not queued:
                    async with self._database.statements() as session:
                        queued = await lanes.waiting(session, self._owner, lane)
                        if not queued:
                            return await lanes.release(session, self._owner, lane)
                after = await self._work_off(lane, queued)
                if after != After.NEXT:
                    return after == After.LATER
                queued = ()
        except Exception as error:
            if not is_outage(error):
                raise
            # It is claimed again; what was handled and not marked is repeated and changes nothing.
            log.warning("lane %s is left, the database is away: %s", lane, error)
            await asyncio.sleep(1)
            return True

    async def _work_off(self, lane: str, queued: Sequence[QueuedUpdate]) -> After:
        """Handle updates in order until the lane is not ours any more."""
        position = 0
        while position < len(queued):
            group = album_at(queued, position)
            position += len(group)
            settles_in = settles_in_s(group, last=position == len(queued))
            if settles_in > 0:
                async with self._database.transaction(SYSTEM) as session:
                    await lanes.rest(session, self._owner, lane, timedelta(seconds=settles_in))
                return After.LATER
            after = await self._handle(lane, group)
            if after != After.NEXT:
                return after
        return After.NEXT

    async def _handle(self, lane: str, group: Sequence[QueuedUpdate]) -> After:
        try:
            updates = [parse(self._application, one.payload) for one in group]
        except ValueError as error:
            log.warning("update %s in lane %s is put aside: %s", group[0].update_id, lane, error)
            return await self._park(lane, group, str(error), None)
        handling = await handle(self._application, self._parts, updates, answered=group[0].answered)
        if handling.error is None:
            await handling.answer()
            await set_right(handling)
            async with self._database.statements() as session:
                more = await lanes.done(session, self._owner, lane, group[0].n, group[-1].n)
            return After.NEXT if more else After.NOTHING
        return await self._failed(lane, group, handling, handling.error)

    async def _failed(
        self, lane: str, group: Sequence[QueuedUpdate], handling: Handling, error: BaseException
    ) -> After:
        head = group[0]
        outage = isinstance(error, NotedYet) or await self._away(error)
        if not outage and head.attempts + 1 >= ATTEMPTS:
            log.error(
                "update %s in lane %s is parked after %s errors",
                head.update_id,
                lane,
                ATTEMPTS,
                exc_info=error,
            )
            return await self._park(lane, group, repr(error), handling)
        if outage:
            log.warning("update %s in lane %s waits for an outage: %r", head.update_id, lane, error)
            delay = min(LONGEST_WAIT_S, max(1.0, head.age_s / 4))
            await self._say_noted(handling)
        else:
            log.error("update %s in lane %s failed", head.update_id, lane, exc_info=error)
            delay = 0.25 * 2.0**head.attempts
        async with self._database.transaction(SYSTEM) as session:
            await lanes.retry(
                session,
                self._owner,
                lane,
                head.n,
                delay=timedelta(seconds=delay),
                error=repr(error),
                counts=not outage,
                answered=handling.answered,
            )
        return After.LATER

    async def _away(self, error: BaseException) -> bool:
        """Return whether the database is behind an error; a mere OSError may be the handler's own."""
        if not is_outage(error):
            return False
        if not isinstance(error, OSError):
            return True
        try:
            async with self._database.transaction(SYSTEM):
                return False
        except Exception as failed:
            if not is_outage(failed):
                raise
            return True

    async def _say_noted(self, handling: Handling) -> None:
        """Say once that the work is noted and will be done."""
        if handling.update.callback_query is not None:
            await handling.answer_noted()
            return
        if handling.answered or handling.chat_id is None:
            return
        handling.answered = True
        await self._tell(handling, "machinery/noted_message")

    async def _park(
        self, lane: str, group: Sequence[QueuedUpdate], error: str, handling: Handling | None
    ) -> After:
        async with self._database.transaction(SYSTEM) as session:
            await lanes.park(session, self._owner, lane, group[0].n, group[-1].n, error=error)
        if handling is not None and handling.chat_id is not None:
            await handling.answer()
            await self._tell(handling, "machinery/apology")
        return After.NEXT

    async def _tell(self, handling: Handling, template: str) -> None:
        if handling.chat_id is None:
            return
        text = self._parts.renderer.html(
            template, handling.audience, {"update_id": handling.update.update_id}
        )
        person = handling.audience.person
        async with self._database.transaction(SYSTEM) as session:
            await deliveries.queue_reply(
                session,
                source=handling.source,
                template=template,
                chat_id=handling.chat_id,
                thread_id=None,
                user_id=person.user_id if person else None,
                content={"text": text, "markup": None},
            )

    async def _renew(self) -> None:
        """Keep the leases of served lanes; a lane that was lost is left as soon as its update is done."""
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                async with self._database.transaction(SYSTEM) as session:
                    await lanes.renew(session, self._owner, list(self._active))
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("leases cannot be renewed, the database is away: %s", error)

    async def _finish(self) -> None:
        if self._active:
            await asyncio.wait(self._active.values(), timeout=STOP_WITHIN_S)
        for task in self._active.values():
            task.cancel()
