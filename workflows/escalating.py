"""How an owner starts and ends its ladder (DESIGN 5 "Escalation")."""

from temporalio import workflow
from temporalio.exceptions import FailureError, WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from domain import ids, search_attributes
    from domain.escalations import EscalationState
    from domain.priorities import Priority, temporal_priority
    from domain.queues import SIAGA_QUEUE
    from workflows.escalation import Escalation
    from workflows.write_path import tell

_TRIES = 3


async def begin_ladder(state: EscalationState) -> None:
    """Start the owner's ladder; a former one that still runs gives way to it.

    The ladder outlives a run of its owner, which may continue as new. A former ladder may end between the
    refusal to start and the signal to it, so both are tried again.
    """
    workflow_id = ids.escalation_id(state.owner_workflow_id)
    priority = Priority.URGENT if state.urgent else Priority.HIGH
    for _ in range(_TRIES):
        try:
            await workflow.start_child_workflow(
                Escalation.run,
                state,
                id=workflow_id,
                task_queue=SIAGA_QUEUE,
                parent_close_policy=ParentClosePolicy.ABANDON,
                static_summary=f"{state.kind}: {state.title}",
                search_attributes=search_attributes.of(state.organization_id, state.machine_id, priority),
                priority=temporal_priority(priority, state.organization_id),
            )
            return
        except WorkflowAlreadyStartedError:
            pass
        try:
            await workflow.get_external_workflow_handle(workflow_id).signal(Escalation.begin, state)
            return
        except FailureError:
            workflow.logger.info("%s ended just now", workflow_id)


async def end_ladder(owner_workflow_id: str, reason: str) -> None:
    """End the owner's ladder, if one runs; ``reason`` is a code, e.g. the move that settled the matter."""
    await tell(ids.escalation_id(owner_workflow_id), "resolve", reason)
