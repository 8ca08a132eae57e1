"""The Temporal worker of this box: polls ``edge-<edge_id>`` for as long as Temporal can be found."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError, TLSConfig
from temporalio.worker import Worker

from edge_worker.activities import EdgeActivities
from edge_worker.credentials import Credentials, TemporalAddress
from edge_worker.pacing import Pace, pause

log = logging.getLogger(__name__)

_GRACE = timedelta(seconds=20)
_SAID_CHARACTERS = 200


async def poll(
    credentials: Credentials, activities: EdgeActivities, folder: Path, over: asyncio.Event, pace: Pace
) -> None:
    """Serve the box's queue until ``over``, if the server offers Temporal.

    Whatever Temporal does meanwhile, it is tried again, with growing waits.
    """
    temporal, queue = credentials.temporal, credentials.queue
    if temporal is None:
        log.info("The server offers no Temporal; this box only beats.")
        await over.wait()
        return
    delays = pace.delays()
    told = ""
    loop = asyncio.get_running_loop()
    while not over.is_set():
        tried_at = loop.time()
        try:
            client = await Client.connect(
                temporal.address, namespace=temporal.namespace, tls=_tls(temporal, folder), identity=queue
            )
            log.info("Temporal at %s: polling %s.", temporal.address, queue)
            await _serve(client, queue, activities, over)
        except (RuntimeError, RPCError, OSError) as error:
            # RuntimeError is how the SDK says both "unreachable" and "the worker has ended".
            if loop.time() - tried_at > pace.most_s:
                delays, told = pace.delays(), ""
            if str(error) != told:
                why = str(error)[:_SAID_CHARACTERS]
                log.warning("Temporal at %s is out of reach; heartbeats go on. (%s)", temporal.address, why)
                told = str(error)
            await pause(over, next(delays))


async def _serve(client: Client, queue: str, activities: EdgeActivities, over: asyncio.Event) -> None:
    worker = Worker(
        client,
        task_queue=queue,
        activities=[activities.self_test, activities.capture],
        # One at a time: camera and graphics processor are there once.
        max_concurrent_activities=1,
        graceful_shutdown_timeout=_GRACE,
    )
    running = asyncio.create_task(worker.run())
    ending = asyncio.create_task(over.wait())
    try:
        await asyncio.wait({running, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            await worker.shutdown()
        await running
    finally:
        ending.cancel()
        running.cancel()


def _tls(temporal: TemporalAddress, folder: Path) -> bool | TLSConfig:
    """Return the TLS settings; ``temporal-ca.pem``, ``-cert.pem`` and ``-key.pem`` in the folder are used."""
    if not temporal.tls:
        return False

    def found(name: str) -> bytes | None:
        path = folder / f"temporal-{name}.pem"
        return path.read_bytes() if path.is_file() else None

    return TLSConfig(
        server_root_ca_cert=found("ca"), client_cert=found("cert"), client_private_key=found("key")
    )
