"""The watch over the fleet: one indexed query a second, signals only for machines that changed (DESIGN 5)."""

import asyncio
from datetime import datetime
from uuid import UUID

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from db.moves.fleet import devices_to_watch, mark_watched
from db.session import SYSTEM, Database
from domain.ids import machine_id
from domain.machines import Connection, ConnectionSeen
from domain.watch import WatchReport, WatchRequest

HEARTBEAT_EVERY_S = 3.0
SIGNALS_AT_ONCE = 20
BOXES_AT_ONCE = 100
"""A mass outage goes out in batches of a second, each marked before the next, with heartbeats between."""


class FleetActivities:
    """The watching activity."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def watch_fleet(self, request: WatchRequest) -> WatchReport:
        """Scan every second for as long as asked, then return so that the workflow may continue as new."""
        client = activity.client()
        loop = asyncio.get_running_loop()
        ends = loop.time() + request.lasts_s
        beat_at = 0.0
        scans = signalled = 0
        while loop.time() < ends and not activity.is_worker_shutdown():
            found = await self._scan(client, request)
            signalled += found
            scans += 1
            if loop.time() >= beat_at:
                activity.heartbeat(scans)
                beat_at = loop.time() + HEARTBEAT_EVERY_S
            if found < BOXES_AT_ONCE:
                await asyncio.sleep(request.scan_every_s)
        return WatchReport(scans=scans, signalled=signalled)

    async def _scan(self, client: Client, request: WatchRequest) -> int:
        """Signal one batch of boxes that changed, and return how many they were."""
        async with self._database.transaction(SYSTEM) as session:
            changed = await devices_to_watch(session, request.shard, request.shards, BOXES_AT_ONCE)
        if not changed:
            return 0
        slots = asyncio.Semaphore(SIGNALS_AT_ONCE)
        marks: dict[int, Connection] = {}

        async def tell(number: int, uuid: UUID, now_is: Connection, beat: datetime) -> None:
            async with slots:
                await self._signal(client, machine_id(uuid), ConnectionSeen(now_is, beat))
            marks[number] = now_is

        results = await asyncio.gather(*(tell(*box) for box in changed), return_exceptions=True)
        # What was signalled is marked even when another signal failed; that failure restarts the activity.
        async with self._database.transaction(SYSTEM) as session:
            await mark_watched(session, marks)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return len(marks)

    async def _signal(self, client: Client, workflow_id: str, seen: ConnectionSeen) -> None:
        try:
            await client.get_workflow_handle(workflow_id).signal("connection", seen)
        except RPCError as error:
            # No such run: the look for lost runs finds it; the mark keeps this from repeating each second.
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            activity.logger.warning("no workflow %s to tell", workflow_id)
