"""Waiting for what happens by itself, without fixed sleeps."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

T = TypeVar("T")


async def eventually(
    look: Callable[[], Awaitable[T]], holds: Callable[[T], bool], *, timeout_s: float = 15.0
) -> T:
    """Look until the condition holds and return what was seen; fail with the last look."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + timeout_s
    while True:
        seen = await look()
        if holds(seen):
            return seen
        if loop.time() > ends:
            message = f"still {seen!r} after {timeout_s:g} s"
            raise AssertionError(message)
        await asyncio.sleep(0.02)


async def ended(run: WorkflowHandle[Any, Any]) -> None:
    """Wait until a run is completed, by looking: the time-skipping server may not answer a long poll."""
    running = WorkflowExecutionStatus.RUNNING
    seen = await eventually(run.describe, lambda one: one.status != running, timeout_s=60)
    assert seen.status == WorkflowExecutionStatus.COMPLETED
