"""What Temporal's answer to an update means: told apart by status, never by text (DESIGN 5)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.refusals import from_failure
from domain.errors import Closed

logger = logging.getLogger(__name__)

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Noted:
    """Temporal did not answer in time: the caller says "noted" and repeats later with the same source."""

    source: str


_LATER = frozenset(
    {
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
        RPCStatusCode.CANCELLED,
        # A workflow task in failed state: new code will mend it, and the repeat is then answered.
        RPCStatusCode.INVALID_ARGUMENT,
        RPCStatusCode.FAILED_PRECONDITION,
        RPCStatusCode.INTERNAL,
        RPCStatusCode.UNKNOWN,
    }
)
_ENDED_FIRST = "AcceptedUpdateCompletedWorkflow"


class NotAnswered(Exception):
    """Temporal, a worker or the database did not answer in time; the same question may be put again."""


async def asked(ask: Callable[[], Awaitable[V]], within: timedelta) -> V:
    """Put a question to a workflow and return its answer.

    Raises:
        Refusal: the workflow refused, or it is gone (``Closed``).
        NotAnswered: there was no answer in time.
    """
    try:
        # Not only each call but the question has an end: accepting and completing are two calls.
        async with asyncio.timeout(within.total_seconds()):
            return await _openly(ask)
    except WorkflowUpdateFailedError as error:
        refusal = from_failure(error.cause)
        if refusal is not None:
            raise refusal from error
        if isinstance(error.cause, ApplicationError) and error.cause.type == _ENDED_FIRST:
            raise NotAnswered(_ENDED_FIRST) from error
        raise
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            raise Closed from error
        if error.status not in _LATER:
            raise
        raise NotAnswered(error.status.name) from error
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        raise NotAnswered(type(error).__name__) from error
    except RuntimeError as error:
        # A lazy client whose first connection fails says so with a bare RuntimeError.
        raise NotAnswered(str(error)) from error


async def _openly(ask: Callable[[], Awaitable[V]]) -> V:
    """Let a cancelled caller be cancelled: the SDK says "timed out" in that case too."""
    try:
        return await ask()
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        if isinstance(error.__cause__, asyncio.CancelledError):
            raise error.__cause__ from None
        raise


async def answered(source: str, ask: Callable[[], Awaitable[V]], within: timedelta) -> V | Noted:
    """Return the answer or ``Noted``; raises the refusal, which is ``Closed`` when the run is gone."""
    try:
        return await asked(ask, within)
    except NotAnswered as reason:
        logger.warning("temporal did not answer: %s", reason)
        return Noted(source)


@asynccontextmanager
async def overheard(start: WithStartWorkflowOperation[Any, Any]) -> AsyncIterator[None]:
    """Listen to the start's own result too: a failure that nobody fetches is logged as a lost exception."""
    started = asyncio.ensure_future(start.workflow_handle())
    started.add_done_callback(lambda told: told.cancelled() or told.exception())
    try:
        yield
    finally:
        started.cancel()
