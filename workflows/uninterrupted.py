"""Cancel pressed in the Temporal UI as a wish of a person, not as an interruption of the work (WORDS 2)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from temporalio import workflow

R = TypeVar("R")


async def uninterrupted(steps: Coroutine[Any, Any, R], on_cancel: Callable[[], None]) -> R:
    """Run a workflow's steps to their end, then the handlers that still run; return what the steps returned.

    Temporal's cancel interrupts whatever ``run`` awaits, so a write would end half-way: row moved, state not.
    Here the steps are a task of their own, which no cancel reaches; ``on_cancel`` leaves word, and the steps
    look at it where they wait.
    """
    task = asyncio.create_task(steps)
    while True:
        try:
            await workflow.wait_condition(lambda: task.done() and workflow.all_handlers_finished())
        except asyncio.CancelledError:
            if task.cancelling():  # the run leaves this worker's memory, and its tasks with it
                raise
            on_cancel()
        else:
            return task.result()


def history_is_long() -> bool:
    """Return whether the run should continue as new; true also before the limit of 2,000 updates."""
    return workflow.info().is_continue_as_new_suggested()
