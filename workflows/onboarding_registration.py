"""What an onboarding writes about a machine's identity: its registration and its key."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.machines import MachineActivities
    from domain.onboarding import OnboardingState, RegisterMachine, ReissueKey
    from workflows.details import note
    from workflows.onboarding_rules import registered_id
    from workflows.onboarding_view import show_onboarding
    from workflows.write_path import write


async def register(state: OnboardingState) -> None:
    """Write the machine with key, box and stub device, once; the caller holds the lock."""
    if state.machine_id is not None:
        return
    order = RegisterMachine(
        state.machine_uuid, state.organization_id, state.registered_by, state.machine, workflow.now()
    )
    made = await write(MachineActivities.register_machine, order, summary=f"register {state.machine.name}")
    state.machine_id, state.edge_id, state.key_handoff = made.machine_id, made.edge_id, made.key_handoff
    state.key_issued_at = order.at
    note(state.history, f"registered by {state.registered_by_name}")
    show_onboarding(state)


async def reissue_key(state: OnboardingState, source: str, actor_id: int) -> None:
    """Issue a new key and setup code; the caller holds the lock."""
    order = ReissueKey(registered_id(state), state.organization_id, source, workflow.now(), actor_id)
    state.key_handoff = await write(MachineActivities.reissue_key, order, summary="new key")
    state.key_issued_at = order.at
