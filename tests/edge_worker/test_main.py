"""The whole box: handshake, beats and Temporal side by side, through cuts, replacements and restarts."""

import asyncio
import shutil
import socket
import sys
import sysconfig
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities import edge as stubs
from domain.edge import CaptureRequest, CaptureResult, CheckName, CheckResult, SelfTestReport, SelfTestRequest
from domain.queues import edge_queue
from edge_worker.errors import ConfigInvalid, NotSetUp
from edge_worker.main import run
from edge_worker.pacing import Pace
from edge_worker.settings import EdgeSettings
from edge_worker.spool import Spool
from tests.edge_worker.server import HOST, DeviceServer, problem
from tests.edge_worker.waiting import until

QUICK = Pace(first_s=0.02, most_s=0.1, refused_s=0.05, patience_s=0.2)


@asynccontextmanager
async def a_running_box(settings: EdgeSettings) -> AsyncIterator[asyncio.Task[None]]:
    """Run the box; at the end it must stop by itself when asked to."""
    stop = asyncio.Event()
    box = asyncio.create_task(run(settings, stop, QUICK))
    try:
        yield box
        assert not box.done()
    finally:
        stop.set()
        await box


def kinds(server: DeviceServer) -> list[str]:
    return [server.entries[number]["kind"] for number in sorted(server.entries)]


def beats(server: DeviceServer, at_least: int) -> Callable[[], bool]:
    expected = len(server.beats) + at_least
    return lambda: len(server.beats) >= expected


def acknowledged(server: DeviceServer, number: int) -> bool:
    return server.ack == number


async def test_a_box_comes_online_by_itself(settings: EdgeSettings, server: DeviceServer) -> None:
    async with a_running_box(settings):
        await until(beats(server, 3))

    assert len(server.handshakes) == 1
    assert kinds(server) == ["started"]


async def test_a_restarted_box_goes_on_with_its_numbers(settings: EdgeSettings, server: DeviceServer) -> None:
    for starts in (1, 2, 3):
        async with a_running_box(settings):
            await until(partial(acknowledged, server, starts))

    assert kinds(server) == ["started"] * 3


async def test_a_box_that_starts_without_a_cable_goes_on_with_what_it_keeps(
    settings: EdgeSettings, server: DeviceServer
) -> None:
    async with a_running_box(settings):
        await until(beats(server, 1))
    server.handshake_answers = [lambda: problem(503, "unavailable", {"Retry-After": "0"})] * 500
    handshakes = len(server.handshakes)

    async with a_running_box(settings):
        await until(beats(server, 2))
        assert len(server.handshakes) > handshakes
        # The handshake is answered at last, and the box goes on under it.
        server.handshake_answers = []
        server.beat_s = 0.2
        await until(lambda: '"beat_s": 0.2' in settings.credentials_file.read_text())
        await until(beats(server, 2))


async def test_a_cut_cable_is_survived(settings: EdgeSettings, server: DeviceServer) -> None:
    async with a_running_box(settings) as box:
        await until(beats(server, 1))
        await server.stop()
        await asyncio.wait({box}, timeout=0.3)
        await server.start()
        await until(lambda: "connection_restored" in kinds(server))

    assert len(server.handshakes) == 1


async def test_a_box_whose_identity_was_renewed_shakes_hands_again(
    settings: EdgeSettings, server: DeviceServer
) -> None:
    async with a_running_box(settings):
        await until(lambda: server.ack == 1)
        server.edge_key, server.edge_secret = "ek-2", "secret-2"
        await until(beats(server, 2))

    assert len(server.handshakes) == 2
    assert '"ek-2"' in settings.credentials_file.read_text()


async def test_a_replaced_box_forgets_its_secret_and_asks_slowly(
    settings: EdgeSettings, server: DeviceServer
) -> None:
    async with a_running_box(settings):
        # The first beat's answer is followed by a second signed request, which writes this file.
        await until(settings.roster_file.exists)
        server.edge_secret = "of the box that replaced this one"
        server.handshake_answers = [lambda: problem(409, "hardware_conflict")] * 500
        await until(lambda: len(server.handshakes) >= 3)

        assert not settings.credentials_file.exists()
        assert server.refusals == ["signature_invalid"]


async def test_news_of_the_server_are_fetched(settings: EdgeSettings, server: DeviceServer) -> None:
    async with a_running_box(settings):
        await until(beats(server, 2))
        server.config_version, server.beat_s = "2", 0.2
        await until(lambda: len(server.handshakes) == 2)
        await until(beats(server, 3))

    assert len(server.handshakes) == 2


async def test_a_box_without_a_key_says_what_to_do(settings: EdgeSettings) -> None:
    with pytest.raises(NotSetUp, match="siaga edge setup"):
        await run(replace(settings, api_key=""), asyncio.Event())


async def test_a_folder_that_is_none_is_said(settings: EdgeSettings, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(ConfigInvalid, match="cannot be used"):
        await run(replace(settings, folder=tmp_path / "taken"), asyncio.Event())


async def test_a_stop_before_the_first_answer_is_obeyed(settings: EdgeSettings, server: DeviceServer) -> None:
    await server.stop()

    async with a_running_box(settings) as box:
        await asyncio.wait({box}, timeout=0.1)

    spool = Spool(settings.spool_file)
    assert [entry.kind for entry in spool.batch()] == ["started"]
    spool.close()


@workflow.defn(sandboxed=False)
class Inspection:
    """Calls the stubs as the onboarding does."""

    @workflow.run
    async def run(self, edge_id: str) -> tuple[SelfTestReport, CaptureResult]:
        report = await workflow.execute_activity(
            stubs.self_test,
            SelfTestRequest(workflow.now()),
            task_queue=edge_queue(edge_id),
            schedule_to_close_timeout=timedelta(seconds=60),
            heartbeat_timeout=timedelta(seconds=20),
        )
        capture = await workflow.execute_activity(
            stubs.capture,
            CaptureRequest("front"),
            task_queue=edge_queue(edge_id),
            schedule_to_close_timeout=timedelta(seconds=60),
        )
        return report, capture


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


async def inspected(client: Client) -> tuple[SelfTestReport, CaptureResult]:
    async with Worker(client, task_queue="office", workflows=[Inspection]):
        return await client.execute_workflow(
            Inspection.run,
            "one",
            id="inspection",
            task_queue="office",
            execution_timeout=timedelta(minutes=2),
        )


@pytest.mark.devserver
async def test_workflows_reach_the_box_when_temporal_comes_late(
    settings: EdgeSettings, server: DeviceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ultralytics.models", None)
    port = a_free_port()
    server.temporal = {"address": f"{HOST}:{port}", "namespace": "default", "tls": False}
    cli = shutil.which("temporal") or str(Path(sysconfig.get_path("scripts")) / "temporal")

    async with a_running_box(settings):
        # Beats need no Temporal.
        await until(beats(server, 3))
        async with await WorkflowEnvironment.start_local(
            ip=HOST, port=port, dev_server_existing_path=cli
        ) as temporal:
            report, capture = await inspected(temporal.client)
        await until(beats(server, 3))

    assert [check.name for check in report.checks] == list(CheckName)
    assert report.checks[1].result is CheckResult.SKIPPED
    assert report.passed
    assert report.frame_file is not None
    assert abs(report.finished_at - datetime.now(UTC)) < timedelta(minutes=2)
    assert capture.sha256 in server.files
