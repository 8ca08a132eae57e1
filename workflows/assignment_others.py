"""What comes after a completion: the repair that a failed step asks for, and the report."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, WorkflowAlreadyStartedError
from temporalio.workflow import ActivityConfig

with workflow.unsafe.imports_passed_through():
    from activities.assignments import AssignmentActivities
    from activities.reports import ReportActivities
    from domain import ids, search_attributes
    from domain.assignment_records import FollowUpOrder
    from domain.assignments import AssignmentState
    from domain.checklists import failed_critical
    from domain.priorities import temporal_priority
    from domain.queues import ASSIGNMENT_WORKFLOW
    from workflows.activity_options import REPORT
    from workflows.write_path import write


async def begin_follow_up(state: AssignmentState) -> None:
    """Create the repair of what a completed task found broken; the dispatcher chooses who does it."""
    order = FollowUpOrder(
        assignment_id=state.assignment_id,
        machine_id=state.machine_id,
        assigned_by=state.assigned_by,
        failed=failed_critical(state.checklist, state.answers),
        answers=state.answers,
        at=workflow.now(),
    )
    task = await write(AssignmentActivities.follow_up_state, order, summary="number of the follow-up")
    try:
        await workflow.start_child_workflow(
            ASSIGNMENT_WORKFLOW,
            task,
            id=ids.assignment_id(task.assignment_id),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"{task.task_type.capitalize()} at {task.machine_name}",
            priority=temporal_priority(task.priority, task.organization_id),
            search_attributes=search_attributes.of(task.organization_id, task.machine_id, task.priority),
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("the follow-up exists already")


async def make_report(state: AssignmentState) -> None:
    """Have the report drawn, kept and sent; a task whose report fails for a day is over all the same."""
    try:
        await workflow.execute_activity_method(
            ReportActivities.make_report, state.assignment_id, **(REPORT | ActivityConfig(summary="report"))
        )
    except ActivityError:
        workflow.logger.warning("the report could not be made")
