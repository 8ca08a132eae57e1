"""The workflow ``maintenance-run``: one run of a plan, started by its Schedule or by a person."""

from datetime import datetime

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from activities.plans import PlanActivities
    from domain import ids, search_attributes
    from domain.assignments import AssignmentState
    from domain.plans import PlanDue, PlanRun, PlanView
    from domain.priorities import temporal_priority
    from domain.queues import MAINTENANCE_RUN_WORKFLOW
    from workflows.assignments import TaskAssignment
    from workflows.details import index, moment, show
    from workflows.uninterrupted import uninterrupted
    from workflows.write_path import write

_SCHEDULED_AT = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name=MAINTENANCE_RUN_WORKFLOW)
class MaintenanceRun:
    """Makes the plan's next task, unless the last one is still open."""

    @workflow.run
    async def run(self, order: PlanRun) -> PlanView:
        """Return what became of the run."""
        return await uninterrupted(self._make(order), self._finish_first)

    def _finish_first(self) -> None:
        """A run takes a moment: *cancel* in the Temporal UI comes too late for it; pause the plan instead."""

    async def _make(self, order: PlanRun) -> PlanView:
        at = self._due(order)
        source = order.source or f"{ids.plan_id(order.plan_id)}-{at.isoformat()}"
        due = PlanDue(order.plan_id, at, source, forced=order.at is not None)
        step = await write(PlanActivities.next_task, due, summary="next task")
        if step.task is not None:
            await self._begin(step.task)
        index(search_attributes.STATUS.value_set(step.outcome))
        task = f"assignment {step.assignment_id}" if step.assignment_id is not None else ""
        facts = {"Outcome": step.outcome.value, "Task": task, "Due run": moment(at)}
        show(order.title, facts, [])
        return PlanView(order.plan_id, step.outcome, step.assignment_id)

    def _due(self, order: PlanRun) -> datetime:
        """Return the moment this run stands for: the Schedule's, even when it was caught up later."""
        if order.at is not None:
            return order.at
        return workflow.info().typed_search_attributes.get(_SCHEDULED_AT) or workflow.info().start_time

    async def _begin(self, task: AssignmentState) -> None:
        """Start the task's workflow, which outlives this one; a repeat finds it running."""
        try:
            await workflow.start_child_workflow(
                TaskAssignment.run,
                task,
                id=ids.assignment_id(task.assignment_id),
                parent_close_policy=ParentClosePolicy.ABANDON,
                static_summary=f"{task.task_type.capitalize()} at {task.machine_name}",
                search_attributes=search_attributes.of(task.organization_id, task.machine_id, task.priority),
                priority=temporal_priority(task.priority, task.organization_id),
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("assignment %s runs already", task.assignment_id)
