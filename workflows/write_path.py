"""The write path of DESIGN 3.5: a local activity first, the same write as a queued activity when it fails."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.workflow import ActivityConfig, LocalActivityConfig

with workflow.unsafe.imports_passed_through():
    from workflows.activity_options import DB_WRITE, LOCAL_WRITE

A = TypeVar("A")
R = TypeVar("R")


async def write(activity: Callable[[Any, A], Awaitable[R]], argument: A, *, summary: str) -> R:
    """Write through the database, as fast as it is up and as long as it takes.

    ``activity`` is the unbound method, e.g. ``AssignmentActivities.record_assignment_move``.

    Raises:
        FailureError: the write was refused (a non-retryable ``ApplicationError`` whose type is the code).
    """
    try:
        return await workflow.execute_local_activity_method(
            activity, argument, **(LOCAL_WRITE | LocalActivityConfig(summary=summary))
        )
    except FailureError as failure:
        if _is_refusal(failure):
            raise
    return await workflow.execute_activity_method(
        activity, argument, **(DB_WRITE | ActivityConfig(summary=summary))
    )


def _is_refusal(failure: BaseException | None) -> bool:
    while failure is not None:
        if isinstance(failure, ApplicationError) and failure.non_retryable:
            return True
        failure = failure.__cause__
    return False


async def tell(workflow_id: str, signal: str, *fact: object) -> None:
    """Signal another workflow; one that has ended needs no signal, and a lost one is found by its row."""
    try:
        await workflow.get_external_workflow_handle(workflow_id).signal(signal, args=fact)
    except FailureError:
        workflow.logger.info("could not tell %s about %s", workflow_id, signal)
