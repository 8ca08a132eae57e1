"""Starts child processes, shows what they say, restarts the crashed, and leaves none behind."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from siaga.stack import leash
from siaga.stack.console import Console
from siaga.stack.readiness import StackError, wait_until

_FIRST_BACK_OFF_S = 0.5
_LONGEST_BACK_OFF_S = 30.0
_HEALTHY_AFTER_S = 60.0
_TAIL_LINES = 20
_FAILED_STARTS = 2
"""After so many restarts a program that was never ready is given up, and the stack with it."""


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep alive.

    ``log``: a file for its output instead of the console. ``stop_signal`` asks it to end, and after
    ``grace_s`` it is killed. ``parent_lost_signal`` reaches it when the supervisor itself is killed.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    parent_lost_signal: signal.Signals = signal.SIGKILL
    user: str | None = None
    grace_s: float = 10.0


class Child:
    """A program under supervision."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.restarts = 0
        self.stop_asked = asyncio.Event()
        self.process: asyncio.subprocess.Process | None = None
        self.keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The running process's id; None between a crash and the restart."""
        return None if self.process is None else self.process.pid

    async def ready(self, probe: Callable[[], Awaitable[bool]], timeout_s: float = 60.0) -> None:
        """Wait until the probe says yes.

        Raises:
            StackError: it did not within the time, or the program keeps ending instead.
        """

        async def settled() -> bool:
            return self.restarts >= _FAILED_STARTS or await probe()

        log = f" Its log: {self.program.log}." if self.program.log else ""
        await wait_until(settled, f"{self.program.name} was not ready after {timeout_s:g} s.{log}", timeout_s)
        if self.restarts >= _FAILED_STARTS:
            msg = f"{self.program.name} does not start.{log}"
            raise StackError(msg)


class Supervisor:
    """Owns the child processes, in the order in which they were started."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console()
        self._children: dict[str, Child] = {}

    async def start(self, program: Program) -> Child:
        """Start a program and keep it alive until it is stopped.

        Raises:
            FileNotFoundError: there is no such program.
        """
        if program.name in self._children:
            msg = f"{program.name} is running already."
            raise ValueError(msg)
        if not Path(program.command[0]).exists():
            msg = f"{program.name} cannot start: there is no {program.command[0]}."
            raise FileNotFoundError(msg)
        child = Child(program)
        child.process = await _spawn(program)
        child.keeper = asyncio.create_task(self._keep(child), name=f"keep {program.name}")
        self._children[program.name] = child
        return child

    def child(self, name: str) -> Child:
        """Return a running program by its name."""
        return self._children[name]

    async def stop(self, name: str) -> None:
        """Ask a program to end, wait for its grace, then kill it; only ever a process started here."""
        child = self._children.pop(name)
        child.stop_asked.set()
        if child.keeper is None:
            return
        _signal(child, child.program.stop_signal)
        done, _ = await asyncio.wait({child.keeper}, timeout=child.program.grace_s)
        if not done:
            self.console.line("siaga", f"{name} did not end within {child.program.grace_s:g} s; killing it.")
            _kill_group(child)
        await child.keeper

    async def stop_all(self) -> None:
        """Stop everything, the last started first."""
        for name in reversed(list(self._children)):
            await self.stop(name)

    async def _keep(self, child: Child) -> None:
        name, back_off = child.program.name, _FIRST_BACK_OFF_S
        while True:
            began = time.monotonic()
            code = await self._live(child)
            if child.stop_asked.is_set():
                return
            if time.monotonic() - began > _HEALTHY_AFTER_S:
                back_off = _FIRST_BACK_OFF_S
            self._tell_end(child, code, back_off)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.stop_asked.wait(), back_off)
                return
            back_off = min(back_off * 2, _LONGEST_BACK_OFF_S)
            child.process = await _spawn(child.program)
            child.restarts += 1
            if child.stop_asked.is_set():  # asked while it was being started
                _signal(child, child.program.stop_signal)
            self.console.line("siaga", f"{name} is started again (pid {child.pid}).")

    async def _live(self, child: Child) -> int:
        """Show what the process says until it ends; return its exit code."""
        process = child.process
        if process is None:  # never: a life begins with a process
            raise AssertionError
        if process.stdout is not None:
            await self._show(child.program.name, process.stdout)
        code = await process.wait()
        child.process = None
        return code

    async def _show(self, name: str, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # a line longer than the buffer: asyncio drops it
                self.console.line(name, "(a very long line was left out)")
                continue
            if not line:
                return
            self.console.line(name, line.decode(errors="replace").rstrip())

    def _tell_end(self, child: Child, code: int, back_off: float) -> None:
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        log = child.program.log
        for line in log_tail(log) if log else ():
            self.console.line(child.program.name, line)
        self.console.line("siaga", f"{child.program.name} {how}; starting it again in {back_off:g} s.")


def log_tail(log: Path, lines: int = _TAIL_LINES) -> list[str]:
    """Return the last lines of a program's log file."""
    return log.read_text(errors="replace").splitlines()[-lines:] if log.exists() else []


async def _spawn(program: Program) -> asyncio.subprocess.Process:
    if program.log is not None:
        program.log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as opened:
        output: int = asyncio.subprocess.PIPE
        if program.log is not None:
            output = opened.enter_context(program.log.open("ab")).fileno()
        return await asyncio.create_subprocess_exec(
            *_leashed(program),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            # Ctrl-C reaches the supervisor alone, which then stops the children in order.
            start_new_session=True,
            limit=2**20,
        )


def _leashed(program: Program) -> tuple[str, ...]:
    parent, lost = str(os.getpid()), str(int(program.parent_lost_signal))
    return (sys.executable, "-I", "-S", leash.__file__, parent, lost, program.user or "-", *program.command)


def _signal(child: Child, number: signal.Signals) -> None:
    if child.process is not None:
        with contextlib.suppress(ProcessLookupError):
            child.process.send_signal(number)


def _kill_group(child: Child) -> None:
    """Kill the process and what it started itself: each child leads a process group of its own."""
    if child.process is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
