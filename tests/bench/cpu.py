"""Who used the processor meanwhile: with everything on one machine, that is what limits most figures."""

import time
from collections import defaultdict

import psutil

from siaga.stack.stack import Stack

NAMES = (
    "postgres",
    "temporal",
    "worker",
    "bot",
    "api",
    "simulator",
    "baseline_worker",
    "bare_http",
    "null_bot",
    "null_simulator",
)
SMALL_MS = 0.5


class CpuMeter:
    """Counts processor time of the stack's processes, and of this one as ``load``, from its making on."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._begun = self._used()

    def _used(self) -> dict[str, float]:
        used: dict[str, float] = defaultdict(float)
        for name in NAMES:
            try:
                pid = self._stack.supervisor.child(name).pid
            except KeyError:  # not running in this part of the benchmark
                continue
            if pid is not None:
                root = psutil.Process(pid)
                used[name] = sum(_seconds(one) for one in (root, *root.children(recursive=True)))
        used["load"] = _seconds(psutil.Process())
        return used

    def per(self, many: float, what: str) -> str:
        """Return milliseconds of processor time per piece of work, the greatest first."""
        spent = {
            name: (used - self._begun.get(name, 0.0)) / many * 1000 for name, used in self._used().items()
        }
        shown = sorted(((ms, name) for name, ms in spent.items() if ms >= SMALL_MS), reverse=True)
        return f"processor time per {what}: {', '.join(f'{name} {ms:.1f} ms' for ms, name in shown)}"


class Neighbours:
    """Counts, from its making on, the processor time that went to programs of others."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._busy = _busy()
        self._ours = _own()

    def share(self) -> float:
        """Return the neighbours' part of what all cores could do, 0..1."""
        could = (time.monotonic() - self._begun) * (psutil.cpu_count() or 1)
        return max(0.0, (_busy() - self._busy) - (_own() - self._ours)) / could


def _busy() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice)


def _own() -> float:
    """Return the time of this process and of all it started, ended or alive."""
    process = psutil.Process()
    ended = process.cpu_times()
    alive = sum(_seconds(one) for one in (process, *process.children(recursive=True)))
    return float(alive + ended.children_user + ended.children_system)


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
