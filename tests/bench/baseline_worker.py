"""The worker of the baselines, as a process of its own with the settings of ``siaga worker``."""

import asyncio
import os
import sys

import asyncpg
from sqlalchemy.engine import make_url
from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker

from tests.bench.by_hand import QUEUE, Bare, ByHand, Writes

TABLE = """
create table if not exists bench_tasks (
  id bigint primary key, status text not null, note text not null,
  updated_at timestamptz not null default now()
)
"""


async def main(address: str, namespace: str, database_url: str) -> None:
    """Work until killed."""
    url = make_url(database_url)
    place = {"host": str(url.query["host"]), "database": url.database, "user": url.username}
    async with asyncpg.create_pool(min_size=20, max_size=20, **place) as pool:
        await pool.execute(TABLE)
        worker = Worker(
            await Client.connect(address, namespace=namespace),
            task_queue=QUEUE,
            workflows=[Bare, ByHand],
            activities=[Writes(pool).write_by_hand],
            max_cached_workflows=2000,
            max_concurrent_workflow_tasks=200,
            max_concurrent_activities=100,
            max_concurrent_local_activities=100,
            workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(20),
        )
        await worker.run()


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:4]))
    finally:
        # The interpreter can crash at its end after a Temporal worker (DESIGN 10).
        os._exit(0)
