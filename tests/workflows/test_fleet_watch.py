"""Who went silent and who came back, found in the rows that ingest writes."""

import asyncio
import os
import signal
import sys

import pytest
from sqlalchemy import text
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment

from activities.fleet import FleetActivities
from db.queries.machines import MachineDetail
from db.secrets import Cipher
from db.session import SYSTEM, Database
from domain.ids import fleet_watch_id
from domain.machines import Connection
from domain.queues import FLEET_WATCH_WORKFLOW, SIAGA_QUEUE
from domain.watch import WatchReport, WatchRequest
from tests.waiting import eventually
from tests.workflows.field import Field
from tests.workflows.servers import a_worker

SHORT = WatchRequest(shard=0, shards=1, lasts_s=0.3, scan_every_s=0.05)


async def ingest(field: Field, *, alive_s_ago: float = 0, resumed_s_ago: float = 3600) -> None:
    """Say until when ingest was alive and since when without a gap."""
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text(
                "insert into ingest_liveness (id, alive_at, resumed_at)"
                " values (1, now() - :alive * interval '1 second', now() - :resumed * interval '1 second')"
                " on conflict (id) do update"
                " set alive_at = excluded.alive_at, resumed_at = excluded.resumed_at"
            ),
            {"alive": alive_s_ago, "resumed": resumed_s_ago},
        )


async def beat(field: Field, machine: MachineDetail) -> None:
    """Let the box beat now."""
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text(
                "update edge_servers set last_heartbeat = now(), beat_due_at = now() + interval '1 minute'"
                " where id = :id"
            ),
            {"id": machine.edge_server_id},
        )


async def miss(field: Field, machine: MachineDetail) -> None:
    """Let the next beat of an online box be overdue for half a minute."""
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text(
                "update edge_servers set last_heartbeat = coalesce(last_heartbeat, now()), status = 'online',"
                " beat_due_at = now() - interval '30 seconds' where id = :id"
            ),
            {"id": machine.edge_server_id},
        )


async def watch(field: Field) -> WatchReport:
    """Scan a few times."""
    environment = ActivityEnvironment(field.temporal.client)
    return await environment.run(FleetActivities(field.database).watch_fleet, SHORT)


async def begin_watch(field: Field, request: WatchRequest) -> None:
    await field.temporal.client.start_workflow(
        FLEET_WATCH_WORKFLOW, request, id=fleet_watch_id(0), task_queue=SIAGA_QUEUE
    )


async def becomes(
    field: Field, machine: MachineDetail, connection: Connection, timeout_s: float = 15
) -> None:
    await eventually(
        lambda: field.machine(machine.uuid), lambda row: row.connection == connection, timeout_s=timeout_s
    )


@pytest.mark.outcome("fleet-watch-round")
async def test_an_overdue_box_takes_its_machine_offline_and_a_returning_one_online(field: Field) -> None:
    await ingest(field)
    machine = await field.a_machine()
    await begin_watch(field, WatchRequest(shard=0, shards=1, lasts_s=1, scan_every_s=0.05))

    await beat(field, machine)
    await becomes(field, machine, Connection.ONLINE)
    await miss(field, machine)
    await becomes(field, machine, Connection.OFFLINE)
    await beat(field, machine)
    await becomes(field, machine, Connection.ONLINE)


async def test_a_change_is_signalled_once_however_often_it_is_seen(unattended: Field) -> None:
    await ingest(unattended)
    machine = await unattended.a_machine()
    await miss(unattended, machine)

    first, second = await watch(unattended), await watch(unattended)

    assert (first.signalled, second.signalled) == (1, 0)
    assert first.scans > 1


async def test_nobody_is_late_while_ingest_is_dead(unattended: Field) -> None:
    await ingest(unattended, alive_s_ago=60)
    machine = await unattended.a_machine()
    await miss(unattended, machine)
    assert (await watch(unattended)).signalled == 0


@pytest.mark.parametrize(("resumed_s_ago", "signalled"), [(5, 0), (30, 1)])
async def test_after_ingest_resumed_a_box_has_its_whole_time_again(
    unattended: Field, resumed_s_ago: float, signalled: int
) -> None:
    await ingest(unattended, resumed_s_ago=resumed_s_ago)
    machine = await unattended.a_machine()
    async with unattended.database.transaction(SYSTEM) as session:
        await session.execute(text("update edge_servers set missed_after_s = 20"))
    await miss(unattended, machine)
    assert (await watch(unattended)).signalled == signalled


async def test_a_box_whose_machine_has_no_run_holds_nobody_up(unattended: Field) -> None:
    await ingest(unattended)
    machine = await unattended.a_machine()
    async with unattended.database.transaction(SYSTEM) as session:
        await session.execute(
            text(
                "update edge_servers set status = 'online', last_heartbeat = now(),"
                " beat_due_at = now() - interval '1 second'"
            )
        )
    report = await watch(unattended)
    assert report.signalled == 5  # the four without a run are marked too
    assert (await watch(unattended)).signalled == 0
    description = await unattended.temporal.client.get_workflow_handle(f"machine-{machine.uuid}").describe()
    assert description.history_length > 1


async def _started_attempt(client: Client) -> int:
    """Return the attempt of the watch that has sent a heartbeat; 0 when none has."""
    description = await client.get_workflow_handle(fleet_watch_id(0)).describe()
    pending = list(description.raw_description.pending_activities)
    return pending[0].attempt if pending and pending[0].HasField("heartbeat_details") else 0


@pytest.mark.devserver
async def test_the_watch_goes_on_elsewhere_when_its_worker_dies(
    dev_server: WorkflowEnvironment, demo_database: Database, cipher: Cipher
) -> None:
    field = await Field.of(dev_server, demo_database, cipher)
    await ingest(field)
    machine = await field.a_machine()
    client = dev_server.client
    address = client.service_client.config.target_host
    await begin_watch(field, WatchRequest(shard=0, shards=1, scan_every_s=0.05))
    doomed = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.workflows.doomed_worker", address, demo_database.url
    )
    try:
        await eventually(lambda: _started_attempt(client), bool, timeout_s=60)
    finally:
        os.kill(doomed.pid, signal.SIGKILL)
        await doomed.wait()
    async with a_worker(client, demo_database, cipher):
        await beat(field, machine)
        await becomes(field, machine, Connection.ONLINE, timeout_s=30)
