"""Steps that several onboarding stories share."""

from domain.assignments import AssignmentMove, AssignmentPolicy, AssignmentStatus, AssignmentView
from domain.handshake import (
    HandshakeAnswer,
    HandshakeCommand,
    HandshakeInput,
    HandshakeMove,
    PresentedHardware,
)
from domain.onboarding import OnboardingCommand, OnboardingMove, OnboardingStep, OnboardingView
from tests.waiting import eventually
from tests.workflows.field import Field, answered


async def present(field: Field, view: OnboardingView, hardware_id: str) -> HandshakeAnswer:
    """Let a box say hello with the machine's key."""
    machine = await field.machine(view.machine_uuid)
    start = HandshakeInput(
        edge_server_id=machine.edge_server_id,
        edge_id=machine.edge_id,
        organization_id=machine.organization_id,
        machine_id=machine.machine_id,
        machine_uuid=machine.uuid,
        machine_name=machine.name,
    )
    hardware = PresentedHardware(hardware_id, {"cameras": [{"id": "cam0"}]}, version="0.1.0")
    source = field.source()
    return await answered(lambda: field.gateway.present_hardware(source, start, hardware))


async def answer_conflict(field: Field, view: OnboardingView, move: HandshakeMove) -> HandshakeAnswer:
    """Answer a conflict as the admin."""
    command = HandshakeCommand(move, field.people["Admin"], "Admin")
    source = field.source()
    return await answered(lambda: field.gateway.move_handshake(source, view.edge_id, command))


async def move(field: Field, view: OnboardingView, verb: OnboardingMove) -> OnboardingView:
    """Move an onboarding as the admin."""
    command = OnboardingCommand(verb, field.people["Admin"], "Admin")
    source = field.source()
    return await answered(lambda: field.gateway.move_onboarding(source, view.machine_uuid, command))


async def reaches(field: Field, view: OnboardingView, step: OnboardingStep) -> None:
    """Wait until the onboarding is at a step."""
    await eventually(lambda: field.machine(view.machine_uuid), lambda row: row.onboarding_step == step)


async def accepted_installation(field: Field) -> AssignmentView:
    """Accept the installation as the technician."""

    async def look() -> set[tuple[str, int]]:
        return await field.cards("Technician")

    cards = await eventually(look, bool)
    (number,) = [number for thing, number in cards if thing == "assignment"]
    offered = AssignmentView(number, AssignmentStatus.PENDING, None, field.people["Technician"], "")
    return await field.move(offered, AssignmentMove.ACCEPT)


async def a_started_task(field: Field, policy: AssignmentPolicy | None = None) -> AssignmentView:
    """Return a task that the technician has accepted and begun."""
    task = await field.a_task(policy=policy or AssignmentPolicy(offer_stands_s=3600, undo_s=0))
    await field.move(task, AssignmentMove.ACCEPT)
    return await field.move(task, AssignmentMove.START)


async def complete(field: Field, task: AssignmentView) -> AssignmentView:
    """Photograph and complete a task."""
    await field.move(task, AssignmentMove.PHOTO, file_ids=[await field.a_photo()])
    return await field.move(task, AssignmentMove.COMPLETE, note="Belt changed")
