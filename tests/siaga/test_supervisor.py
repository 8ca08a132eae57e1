"""The supervisor shows, restarts and stops real child processes, and leaves none behind."""

import io
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from siaga.stack.console import Console
from siaga.stack.readiness import wait_until
from siaga.stack.supervisor import Program, Supervisor

LIVES = "import signal; print('up', flush=True); signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"


def python(name: str, code: str, **options: object) -> Program:
    return Program(name=name, command=(sys.executable, "-c", code), **options)  # type: ignore[arg-type]


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
async def supervisor(screen: io.StringIO) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(Console(screen))
    yield supervisor
    await supervisor.stop_all()


async def shown(screen: io.StringIO, text: str) -> None:
    async def probe() -> bool:
        return text in screen.getvalue()

    await wait_until(probe, f"{text!r} was never shown: {screen.getvalue()}")


def pid_of(supervisor: Supervisor, name: str) -> int:
    pid = supervisor.child(name).pid
    assert pid is not None
    return pid


async def test_what_a_child_says_stands_behind_its_name(supervisor: Supervisor, screen: io.StringIO) -> None:
    await supervisor.start(python("bot", LIVES))

    await shown(screen, "bot        | up\n")


async def test_a_child_with_a_log_writes_there_instead(
    supervisor: Supervisor, screen: io.StringIO, tmp_path: Path
) -> None:
    log = tmp_path / "logs" / "bot.log"
    await supervisor.start(python("bot", LIVES, log=log))

    async def written() -> bool:
        return log.read_text() == "up\n"

    await wait_until(written, "nothing was written")
    assert screen.getvalue() == ""


async def test_a_killed_child_is_started_again_and_that_is_said(
    supervisor: Supervisor, screen: io.StringIO
) -> None:
    await supervisor.start(python("worker", LIVES))
    await shown(screen, "up")
    first = pid_of(supervisor, "worker")

    os.kill(first, signal.SIGKILL)

    await shown(screen, "worker was killed by SIGKILL; starting it again in 0.5 s.")
    await shown(screen, "worker is started again")
    assert pid_of(supervisor, "worker") != first
    assert supervisor.child("worker").restarts == 1


async def test_a_child_that_keeps_failing_is_started_again_ever_more_slowly(
    supervisor: Supervisor, screen: io.StringIO
) -> None:
    await supervisor.start(python("worker", "raise SystemExit(3)"))

    await shown(screen, "worker ended with exit code 3; starting it again in 0.5 s.")
    await shown(screen, "worker ended with exit code 3; starting it again in 1 s.")


async def test_the_end_of_the_log_is_shown_when_a_logging_child_fails(
    supervisor: Supervisor, screen: io.StringIO, tmp_path: Path
) -> None:
    await supervisor.start(python("worker", "raise SystemExit('no database')", log=tmp_path / "log"))

    await shown(screen, "worker     | no database\n")


async def test_stopping_goes_from_the_last_started_to_the_first(
    supervisor: Supervisor, screen: io.StringIO, own_processes: Callable[[], list[psutil.Process]]
) -> None:
    says_goodbye = (
        "import signal, sys\n"
        "def end(*_):\n print('bye', flush=True); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up', flush=True); signal.pause()"
    )
    for name in ("first", "second", "third"):
        await supervisor.start(python(name, says_goodbye))
        await shown(screen, f"{name:<10} | up")

    await supervisor.stop_all()

    ends = [line.split()[0] for line in screen.getvalue().splitlines() if line.endswith("bye")]
    assert ends == ["third", "second", "first"]
    assert own_processes() == []


async def test_a_child_that_will_not_end_is_killed_after_its_grace(
    supervisor: Supervisor, screen: io.StringIO
) -> None:
    await supervisor.start(python("deaf", DEAF, grace_s=0.2))
    await shown(screen, "up")
    pid = pid_of(supervisor, "deaf")

    await supervisor.stop("deaf")

    assert "deaf did not end within 0.2 s; killing it." in screen.getvalue()
    assert not psutil.pid_exists(pid)


async def test_a_program_that_does_not_exist_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(FileNotFoundError, match="temporal cannot start: there is no /nowhere/temporal"):
        await supervisor.start(Program(name="temporal", command=("/nowhere/temporal",)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
async def test_children_end_when_the_supervisor_itself_is_killed() -> None:
    code = f"""
        import asyncio, sys
        from siaga.stack.supervisor import Program, Supervisor
        async def main():
            supervisor = Supervisor()
            for name in ("one", "two"):
                await supervisor.start(Program(name=name, command=(sys.executable, "-c", {DEAF!r})))
            await asyncio.Event().wait()
        asyncio.run(main())
    """
    parent = subprocess.Popen(  # noqa: ASYNC220 - the test is what waits for it
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert sorted(parent.stdout.readline() for _ in range(2)) == ["one        | up\n", "two        | up\n"]
    children = psutil.Process(parent.pid).children()

    parent.kill()
    parent.wait()

    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    parent.stdout.close()
