"""The part of the gateway that maintenance plans go through."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain import ids, search_attributes
from domain.plans import Plan, PlanRun, PlanView
from domain.priorities import temporal_priority
from domain.queues import SIAGA_QUEUE
from workflows.asking import Noted, answered
from workflows.maintenance_run import MaintenanceRun
from workflows.plan_schedules import drop_schedule, keep_schedule, mend_schedules, title_of

logger = logging.getLogger(__name__)


class PlanDoor:
    """Runs plans and keeps their Schedules in step with the rows."""

    def __init__(self, client: Client, timeout: timedelta) -> None:
        self._client = client
        self._timeout = timeout

    async def run(self, source: str, plan: Plan, at: datetime) -> PlanView | Noted:
        """Make a plan's next task now, and answer with what became of it; the same source does it once."""
        workflow_id = f"{ids.plan_id(plan.plan_id)}-run-{source}"

        async def ask() -> PlanView:
            with suppress(WorkflowAlreadyStartedError):
                await self._client.start_workflow(
                    MaintenanceRun.run,
                    PlanRun(plan.plan_id, title_of(plan), at, source),
                    id=workflow_id,
                    task_queue=SIAGA_QUEUE,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    static_summary=title_of(plan),
                    search_attributes=search_attributes.of(plan.organization_id, plan.machine_id),
                    priority=temporal_priority(plan.priority, plan.organization_id),
                    rpc_timeout=self._timeout,
                )
            return await self._client.get_workflow_handle_for(MaintenanceRun.run, workflow_id).result()

        return await answered(source, ask, self._timeout)

    async def follow(self, plan_id: int, plan: Plan | None) -> None:
        """Bring a plan's Schedule in step with its row; None: it does not run.

        When Temporal does not answer, ``mend`` does it later: the row is what counts.
        """
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                if plan is None:
                    await drop_schedule(self._client, plan_id)
                else:
                    await keep_schedule(self._client, plan)
        except (TimeoutError, RPCError, RuntimeError) as error:
            logger.warning("the Schedule of plan %s follows later: %s", plan_id, error)

    async def mend(self, plans: Sequence[Plan]) -> list[int]:
        """Compare all active plans with their Schedules; returns those paused in the Temporal UI."""
        return await mend_schedules(self._client, plans)
