"""``siaga worker``: runs the workflows and the database activities."""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from psutil import virtual_memory
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker

from activities.escalations import tell_unreached
from activities.lost_runs import find_lost_runs
from activities.registry import all_activities
from db.secrets import Cipher
from db.session import Database
from db.store import LocalStore
from domain.machine_codes import CodeAddresses
from domain.queues import SIAGA_QUEUE
from siaga import telegram
from siaga.errors import CommandError
from siaga.namespace import prepare_namespace
from siaga.processes.plans import mend_plans
from siaga.processes.rooms import required
from siaga.running import pulse
from siaga.settings import Settings, ensure_secret_key
from siaga.temporal import connect
from workflows.client import Gateway
from workflows.registry import WORKFLOWS
from workflows.runner import Sandbox

_CONNECTIONS = 20
"""To PostgreSQL; a local activity that waits for one longer than two seconds is queued instead."""

_RUN_BYTES = 130_000
_SHARE_OF_MEMORY = 0.1
"""For runs kept between their steps, each of ``_RUN_BYTES``: one that is not kept is replayed from its start,
three times the work, at each step."""
_EVERY_S = 60
_PLANS_EVERY_S = 300
_UNREACHED_EVERY_S = 5
"""A page that could not be delivered is known to its ladder within this."""
_log = logging.getLogger(__name__)


async def work(settings: Settings, stop: asyncio.Event) -> int:
    """Work until asked to stop; what is running then has five seconds to end.

    Raises:
        CommandError: Temporal or the database is not named or not there.
    """
    settings = required(settings)
    # Each run loads the workflows' modules anew: without stored bytecode each would compile them.
    sys.dont_write_bytecode = False
    client = await _connected(settings)
    database = Database(settings.database_url, pool_size=_CONNECTIONS)
    try:
        activities = all_activities(
            database,
            Cipher(ensure_secret_key(settings)),
            LocalStore(settings.files_dir),
            await _addresses(settings),
        )
        async with _worker(client, activities), pulse(settings.pulse_file):
            keeper = _housekeeper(client, database)
            keeper.start()
            await stop.wait()
            keeper.shutdown(wait=False)
    finally:
        await database.dispose()
    return 0


async def _addresses(settings: Settings) -> CodeAddresses:
    """Return where machines' codes lead; the bot's name is asked for only when there is no public address."""
    if settings.public_url:
        return CodeAddresses(settings.public_url)
    return CodeAddresses(bot_username=await telegram.username(settings))


def _worker(client: Client, activities: Sequence[Callable[..., Any]]) -> Worker:
    return Worker(
        client,
        task_queue=SIAGA_QUEUE,
        workflows=WORKFLOWS,
        activities=activities,
        workflow_runner=Sandbox(),
        # Twice the signals per second of the defaults (TEMPORAL.md).
        max_cached_workflows=max(1000, int(_SHARE_OF_MEMORY * virtual_memory().total / _RUN_BYTES)),
        max_concurrent_workflow_tasks=200,
        max_concurrent_activities=100,
        max_concurrent_local_activities=100,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(20),
        graceful_shutdown_timeout=timedelta(seconds=5),
    )


def _housekeeper(client: Client, database: Database) -> AsyncIOScheduler:
    """Return what may be missed once and is made good a minute later, on whichever replica (DESIGN 3.3)."""
    keeper = AsyncIOScheduler(
        timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )
    now = datetime.now(UTC)
    keeper.add_job(Gateway(client).watch_fleet, "interval", seconds=_EVERY_S, next_run_time=now)
    keeper.add_job(find_lost_runs, "interval", (client, database), seconds=_EVERY_S)
    keeper.add_job(mend_plans, "interval", (client, database), seconds=_PLANS_EVERY_S)
    keeper.add_job(tell_unreached, "interval", (client, database), seconds=_UNREACHED_EVERY_S)
    return keeper


async def _connected(settings: Settings) -> Client:
    try:
        client = await connect(settings)
        await prepare_namespace(client)
    except RPCError as error:
        # A managed Temporal lets only its own tools change a namespace; `siaga doctor` says what is missing.
        _log.warning("The namespace could not be prepared: %s", error)
    except RuntimeError as error:
        msg = f"Temporal at {settings.temporal_address} is not reachable: {error}"
        raise CommandError(msg) from error
    return client
