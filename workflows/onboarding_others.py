"""The workflows that an onboarding starts and, when it is cancelled, takes back: machine and installation."""

from temporalio import workflow
from temporalio.exceptions import FailureError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from activities.assignments import AssignmentActivities
    from domain import ids, search_attributes
    from domain.assignments import AssignmentCommand, AssignmentMove
    from domain.machines import MachineState
    from domain.onboarding import InstallationOrder, OnboardingState, OnboardingStep
    from domain.priorities import Priority, temporal_priority
    from workflows.assignments import TaskAssignment
    from workflows.machines import MachineLife
    from workflows.onboarding_rules import registered_id
    from workflows.write_path import tell, write


async def begin_machine_life(state: OnboardingState) -> None:
    """Start the workflow ``machine``, which outlives the onboarding and owns status and connection."""
    if state.step != OnboardingStep.REGISTERED:
        return
    machine_id = registered_id(state)
    life = MachineState(
        machine_id=machine_id,
        machine_uuid=state.machine_uuid,
        organization_id=state.organization_id,
        name=state.machine.name,
        edge_id=state.edge_id,
    )
    try:
        await workflow.start_child_workflow(
            MachineLife.run,
            life,
            id=ids.machine_id(state.machine_uuid),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"Machine {state.machine.name}",
            priority=temporal_priority(Priority.MEDIUM, state.organization_id),
            search_attributes=search_attributes.of(state.organization_id, machine_id),
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("the machine lives: this onboarding was started again from its row")


async def offer_installation(state: OnboardingState) -> None:
    """Offer the installation to the chosen person; without one the owner installs the machine."""
    offered = state.step != OnboardingStep.REGISTERED or state.assignment_id is not None
    if state.installer_id is None or offered:
        return
    order = InstallationOrder(
        onboarding_id=workflow.info().workflow_id,
        machine_id=registered_id(state),
        machine_uuid=state.machine_uuid,
        machine_name=state.machine.name,
        organization_id=state.organization_id,
        assigned_by=state.registered_by,
        assigned_to=state.installer_id,
        assignee_name=state.installer_name,
        scheduled_date=state.installation_at or workflow.now(),
    )
    task = await write(AssignmentActivities.installation_state, order, summary="number of the installation")
    try:
        await workflow.start_child_workflow(
            TaskAssignment.run,
            task,
            id=ids.assignment_id(task.assignment_id),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"Installation of {state.machine.name}",
            priority=temporal_priority(task.priority, state.organization_id),
            search_attributes=search_attributes.of(state.organization_id, order.machine_id, task.priority),
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("the installation is offered already")
    state.assignment_id = task.assignment_id


async def take_back(state: OnboardingState) -> None:
    """Cancel the installation as whoever cancelled the onboarding, and withdraw the machine."""
    if state.assignment_id is not None:
        installation = ids.assignment_id(state.assignment_id)
        if state.cancelled_by is None:
            await _cancel(installation)
        else:
            command = AssignmentCommand(AssignmentMove.CANCEL, state.cancelled_by, "the onboarding")
            await tell(installation, "withdraw", command)
    await tell(ids.machine_id(state.machine_uuid), "withdraw")


async def _cancel(workflow_id: str) -> None:
    try:
        await workflow.get_external_workflow_handle(workflow_id).cancel()
    except FailureError:
        workflow.logger.warning("%s had ended already", workflow_id)
