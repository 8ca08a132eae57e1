"""An onboarding as others see it: in the Temporal UI, in an update's answer, in its events."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import search_attributes
    from domain.edge import CheckResult
    from domain.onboarding import (
        OnboardingRecord,
        OnboardingState,
        OnboardingStep,
        OnboardingView,
    )
    from workflows.details import index, moment, show
    from workflows.onboarding_rules import key_expires_at, registered_id


def show_onboarding(state: OnboardingState) -> None:
    """Bring search attributes and current details up to date."""
    index(
        search_attributes.STATUS.value_set(state.step),
        search_attributes.MACHINE.value_set(str(state.machine_id)),
    )
    checks = state.report.checks if state.report else []
    failing = [f"{check.name}: {check.code}" for check in checks if check.result == CheckResult.FAILED]
    facts = {
        "Step": state.step.value,
        "Owner": state.installer_name or f"{state.registered_by_name} (self-install)",
        "Deadline": moment(key_expires_at(state)) if not state.hardware_id else "",
        "Box": state.edge_id,
        "Hardware": state.hardware_id,
        "Failing": ", ".join(failing),
        "Installation": f"assignment {state.assignment_id}" if state.assignment_id else "",
    }
    show(f"Onboarding of {state.machine.name}", facts, state.history)


def view(state: OnboardingState) -> OnboardingView:
    """Return what an update answers with."""
    return OnboardingView(
        machine_id=registered_id(state),
        machine_uuid=state.machine_uuid,
        edge_id=state.edge_id,
        step=state.step,
        key_handoff=state.key_handoff,
        assignment_id=state.assignment_id,
    )


def step_record(  # noqa: PLR0913 - each is one fact of the event
    state: OnboardingState,
    step: OnboardingStep,
    action: str,
    *,
    cause: str,
    reason: str,
    notice: str,
    actor_id: int | None,
) -> OnboardingRecord:
    """Return the event of a step and what the row shall say after it."""
    return OnboardingRecord(
        machine_id=registered_id(state),
        organization_id=state.organization_id,
        registered_by=state.registered_by,
        source=f"{action}-{state.moves + 1}",
        action=action,
        from_step=state.step,
        step=step,
        at=workflow.now(),
        version=state.moves + 1,
        actor_id=actor_id,
        cause=cause,
        reason=reason,
        report=state.report,
        notice=notice,
    )
