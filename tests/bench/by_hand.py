"""The baselines on Temporal: bare updates, and an assignment's life as one would write it by hand.

By hand means: the same five updates, one local activity with one plain SQL statement in each, the search
attributes, details and timer an admin needs; no rights, events, cards, notices, repeats or fallbacks.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow

QUEUE = "bench"
STATUSES = {"accept": "accepted", "start": "in_progress", "photo": "in_progress", "complete": "completed"}

with workflow.unsafe.imports_passed_through():
    import asyncpg

    from domain import search_attributes


@dataclass(frozen=True, slots=True)
class Task:
    """What the life by hand starts from."""

    number: int
    machine: str
    technician: str
    stands_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class Step:
    """One update by hand."""

    move: str
    actor: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """Input of the one local activity."""

    number: int
    move: str
    status: str
    note: str = ""


class Writes:
    """One plain statement each, on a pool of asyncpg."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool = pool

    @activity.defn
    async def write_by_hand(self, write: Write) -> None:
        """Insert the task, or bring it to its next status."""
        if write.move == "create":
            statement = "insert into bench_tasks (id, status, note) values ($1, $2, $3)"
        else:
            statement = "update bench_tasks set status = $2, note = $3, updated_at = now() where id = $1"
        await self._pool.execute(statement, write.number, write.status, write.note)


@workflow.defn(name="bench-bare")
class Bare:
    """Takes updates that do nothing, until told to end."""

    def __init__(self) -> None:
        self._ended = False

    @workflow.run
    async def run(self) -> None:
        """Wait for the end."""
        await workflow.wait_condition(lambda: self._ended)

    @workflow.update
    async def nothing(self, end: bool) -> bool:  # noqa: FBT001 - an update takes one argument
        """Sent by the benchmark for its answer."""
        self._ended = end
        return end


@workflow.defn(name="bench-by-hand")
class ByHand:
    """One task: created, accepted, started, photographed, completed."""

    @workflow.init
    def __init__(self, task: Task) -> None:
        self._task = task
        self._status = ""
        self._moves = 0

    @workflow.run
    async def run(self, task: Task) -> str:
        """Return the last status."""
        while self._status != "completed":
            seen = self._moves
            self._show()
            timeout = timedelta(seconds=task.stands_s) if self._status in ("", "pending") else None
            await workflow.wait_condition(lambda seen=seen: self._moves != seen, timeout=timeout)  # type: ignore[misc]
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._status

    @workflow.update
    async def create(self) -> str:
        """Sent with the start."""
        return await self._to("create", "pending", "")

    @workflow.update
    async def move(self, step: Step) -> str:
        """Sent for each move."""
        return await self._to(step.move, STATUSES[step.move], step.note)

    async def _to(self, move: str, status: str, note: str) -> str:
        await workflow.execute_local_activity_method(
            Writes.write_by_hand,
            Write(self._task.number, move, status, note),
            start_to_close_timeout=timedelta(seconds=5),
        )
        self._status, self._moves = status, self._moves + 1
        return status

    def _show(self) -> None:
        workflow.upsert_search_attributes([search_attributes.STATUS.value_set(self._status)])
        workflow.set_current_details(f"### {self._task.machine}\n\n- **Status**: {self._status}")
