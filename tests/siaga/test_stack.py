"""The one-machine stack comes up ready, keeps its data, and goes away without a trace."""

import io
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from db import migrate
from siaga.namespace import inspect_namespace
from siaga.settings import Settings
from siaga.stack.console import Console
from siaga.stack.database import reachable_database
from siaga.stack.folder import with_running_stack
from siaga.stack.postgres import Postgres
from siaga.stack.readiness import StackError, choose_port, wait_until
from siaga.stack.stack import Stack
from siaga.stack.supervisor import Supervisor
from siaga.stack.temporal import find_cli
from siaga.temporal import connect
from tests.siaga.conftest import stack_of

pytestmark = pytest.mark.stack
on_standing_stack = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir)


async def test_engines_are_ready_inside_and_gone_outside(
    settings: Settings, own_processes: Callable[[], list[psutil.Process]]
) -> None:
    async with stack_of(settings) as stack:
        assert await migrate.current(stack.addresses.database_url) == migrate.head()
        namespace = await inspect_namespace(await connect(stack.settings))
        assert namespace.is_ready
        assert with_running_stack(settings).temporal_address == stack.addresses.temporal
        processes = own_processes()
        assert {"postgres", "temporal"} <= {process.name() for process in processes}

    _, alive = psutil.wait_procs(processes, timeout=10)
    assert alive == []
    assert with_running_stack(settings) == settings


async def test_data_is_still_there_the_next_time(settings: Settings) -> None:
    async with stack_of(settings) as stack:
        first_key = stack.settings.secret_key
        client = await connect(stack.settings)
        await client.start_workflow("machine", id="machine-1", task_queue="nobody")

    async with stack_of(settings) as stack:
        assert stack.settings.secret_key == first_key
        described = await (await connect(stack.settings)).get_workflow_handle("machine-1").describe()
        assert described.id == "machine-1"


@on_standing_stack
async def test_the_bot_is_pointed_at_the_simulator(standing_stack: Stack) -> None:
    stack = standing_stack
    assert stack.addresses.simulator is not None
    assert stack.settings.telegram_base_url == f"{stack.addresses.simulator}/bot"
    assert stack.settings.telegram_token


@on_standing_stack
async def test_two_stacks_do_not_share_a_folder(standing_stack: Stack) -> None:
    settings = Settings(data_dir=standing_stack.settings.data_dir)
    with pytest.raises(StackError, match="running already over"):
        await stack_of(settings).__aenter__()

    assert with_running_stack(settings).database_url == standing_stack.addresses.database_url


async def test_a_part_that_cannot_start_leaves_nothing_behind(
    settings: Settings, own_processes: Callable[[], list[psutil.Process]]
) -> None:
    broken = Settings(data_dir=settings.data_dir, temporal_cli=Path("/bin/false"))

    with pytest.raises(StackError, match="temporal does not start"):
        await stack_of(broken).__aenter__()

    assert own_processes() == []


def test_a_temporal_cli_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"SIAGA_TEMPORAL_CLI names .*, which is no file"):
        find_cli(tmp_path / "temporal")


def test_a_taken_port_gives_way_to_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert choose_port(port, "127.0.0.1") != port

    assert choose_port(port, "127.0.0.1") == port


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(Console(io.StringIO()))
    yield supervisor
    await supervisor.stop_all()


async def test_postgresql_comes_back_after_a_crash(supervisor: Supervisor, data_dir: Path) -> None:
    server = Postgres(data_dir / "postgres", data_dir / "log")
    await server.start(supervisor)
    child = supervisor.child("postgres")
    assert child.pid is not None

    os.kill(child.pid, signal.SIGKILL)

    async def is_back() -> bool:
        return child.restarts > 0 and await server.is_ready()

    await wait_until(is_back, "PostgreSQL did not come back")


async def test_postgresql_works_below_a_long_path(supervisor: Supervisor, data_dir: Path) -> None:
    deep = data_dir / ("a-folder-with-a-long-name-" * 4)
    server = Postgres(deep / "postgres", data_dir / "log")

    await server.start(supervisor)

    assert await server.is_ready()


async def test_a_single_command_starts_the_database_for_itself(
    settings: Settings, own_processes: Callable[[], list[psutil.Process]]
) -> None:
    async with reachable_database(settings) as url:
        await migrate.upgrade_async(url)

    assert own_processes() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_engines_end_when_the_stack_itself_is_killed(settings: Settings) -> None:
    code = f"""
        import asyncio, pathlib
        from siaga.settings import Settings
        from siaga.stack.stack import Ports, Stack
        async def main():
            settings = Settings(data_dir=pathlib.Path({str(settings.data_dir)!r}))
            async with Stack(settings, (), ports=Ports(0, 0, 0)):
                print("ready", flush=True)
                await asyncio.Event().wait()
        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        processes = psutil.Process(parent.pid).children(recursive=True)

        parent.kill()

        _, alive = psutil.wait_procs(processes, timeout=20)
    assert alive == []
