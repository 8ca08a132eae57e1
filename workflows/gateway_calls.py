"""How the gateway asks Temporal: with a bound in time, told apart by status, repeatable by its source."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import Priority as TemporalPriority
from temporalio.common import TypedSearchAttributes, WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError
from temporalio.workflow import UpdateMethodMultiParam

from domain.errors import Unavailable
from domain.queues import SIAGA_QUEUE
from workflows.asking import Noted, answered, overheard

C = TypeVar("C")
V = TypeVar("V")


class Calls:
    """What every verb is made of; ``timeout`` bounds how long one call may take."""

    def __init__(self, client: Client, timeout: timedelta) -> None:
        self._client = client
        self._timeout = timeout

    async def _begin(  # noqa: PLR0913 - each is one property of the run
        self,
        workflow: Callable[..., Awaitable[Any]],
        state: object,
        workflow_id: str,
        *,
        summary: str,
        attributes: TypedSearchAttributes,
        priority: TemporalPriority,
    ) -> None:
        """Start a workflow, or let it run; raises ``Unavailable`` when Temporal does not answer."""
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                await self._client.start_workflow(
                    workflow,
                    state,
                    id=workflow_id,
                    task_queue=SIAGA_QUEUE,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    static_summary=summary,
                    search_attributes=attributes,
                    priority=priority,
                    rpc_timeout=self._timeout,
                )
        except (TimeoutError, RPCError, RuntimeError) as error:
            raise Unavailable from error

    async def _start_with(
        self,
        source: str,
        start: WithStartWorkflowOperation[Any, Any],
        update: UpdateMethodMultiParam[[Any], V],
    ) -> V | Noted:
        """Start and ask in one call; a run that ended is asked for the answer it gave to the same source."""

        async def ask() -> V:
            try:
                return await self._client.execute_update_with_start_workflow(
                    update, start_workflow_operation=start, id=source, rpc_timeout=self._timeout
                )
            except WorkflowAlreadyStartedError as ended:
                handle = self._client.get_workflow_handle(ended.workflow_id)
                return await handle.execute_update(update, id=source, rpc_timeout=self._timeout)

        async with overheard(start):
            return await self._answered(source, ask)

    async def _update(
        self, source: str, workflow_id: str, update: UpdateMethodMultiParam[[Any, C], V], command: C
    ) -> V | Noted:
        ask = self._client.get_workflow_handle(workflow_id).execute_update
        return await self._answered(
            source, lambda: ask(update, command, id=source, rpc_timeout=self._timeout)
        )

    async def _answered(self, source: str, ask: Callable[[], Awaitable[V]]) -> V | Noted:
        """Return the answer or ``Noted``; raises the refusal, which is ``Closed`` when the run is gone."""
        return await answered(source, ask, self._timeout)
