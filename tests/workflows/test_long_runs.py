"""Continue-as-new: a run that has become long goes on in a fresh one and forgets nothing."""

from contextlib import suppress
from functools import partial

import pytest

from domain import ids
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentStatus as Status
from domain.edge import CheckName
from domain.errors import NotPossibleNow
from domain.escalations import Audience, EscalationCommand, EscalationMove, Rung
from domain.handshake import HandshakeMove, HandshakeState
from domain.machines import MachineCommand, MachineMove, MachineStatus
from domain.onboarding import OnboardingMove, OnboardingStep, OnboardingView
from tests.waiting import eventually
from tests.workflows.box import Box, running
from tests.workflows.field import Field, answered
from tests.workflows.ladders import a_ladder
from tests.workflows.steps import answer_conflict, move, present, reaches
from workflows.escalation import Escalation

pytestmark = pytest.mark.devserver


async def _run_id(field: Field, workflow_id: str) -> str:
    return (await field.temporal.client.get_workflow_handle(workflow_id).describe()).run_id or ""


async def _is_renewed(field: Field, workflow_id: str, former: str) -> None:
    await eventually(lambda: _run_id(field, workflow_id), lambda run_id: run_id != former)


async def _test_again(field: Field, view: OnboardingView) -> OnboardingStep:
    """Ask for another test, unless one runs; return the step."""
    step = (await field.machine(view.machine_uuid)).onboarding_step
    if step == OnboardingStep.TEST_FAILED:
        with suppress(NotPossibleNow):
            await move(field, view, OnboardingMove.RETEST)
    return step


async def test_a_long_assignment_still_knows_its_first_answers(dev_field: Field) -> None:
    field = dev_field
    task = await field.a_task()
    first_run = await _run_id(field, ids.assignment_id(task.assignment_id))
    accepted = await field.move(task, Move.ACCEPT, source="tg-1")
    await field.move(task, Move.START, source="tg-2")
    for _ in range(3):
        await field.move(task, Move.PHOTO, file_ids=[await field.a_photo()])
    await _is_renewed(field, ids.assignment_id(task.assignment_id), first_run)

    assert await field.move(task, Move.ACCEPT, source="tg-1") == accepted
    done = await field.move(task, Move.COMPLETE)

    assert (done.status, done.photos) == (Status.COMPLETED, 3)
    story = [line.action for line in await field.story(task)]
    assert story == ["offer", "accept", "start", "photo", "photo", "photo", "complete"]


async def test_a_long_machine_goes_on_where_it_was(dev_field: Field) -> None:
    field = dev_field
    machine = await field.a_machine()
    first_run = await _run_id(field, ids.machine_id(machine.uuid))
    admin = field.people["Admin"]
    for turn in range(8):
        command = MachineCommand(admin, MachineMove.EMPTY if turn % 2 else MachineMove.FILL)
        await answered(partial(field.gateway.move_machine, f"tg-{turn}", machine.uuid, command))
    await _is_renewed(field, ids.machine_id(machine.uuid), first_run)

    command = MachineCommand(admin, MachineMove.FILL)
    again = await answered(lambda: field.gateway.move_machine("tg-0", machine.uuid, command))
    assert again.status == MachineStatus.FULL
    assert (await field.machine(machine.uuid)).status == MachineStatus.ACTIVE


async def test_a_long_onboarding_goes_on_from_its_step_and_offers_nothing_twice(dev_field: Field) -> None:
    field = dev_field
    view = await field.a_registration(installer="Technician")
    first_run = await _run_id(field, ids.onboarding_id(view.machine_uuid))
    async with running(field.temporal.client, view.edge_id, Box({CheckName.DISK: "disk_low"})) as box:
        await present(field, view, "JETSON-1")
        while await _run_id(field, ids.onboarding_id(view.machine_uuid)) == first_run:
            await _test_again(field, view)
        box.failing.clear()
        await eventually(lambda: _test_again(field, view), lambda step: step == OnboardingStep.ONLINE)
        await move(field, view, OnboardingMove.COMMISSION)
        await reaches(field, view, OnboardingStep.COMMISSIONED)
    await eventually(
        lambda: field.cards("Technician"),
        lambda cards: [thing for thing, _ in cards].count("assignment") == 1,
    )


async def test_a_long_conflict_still_waits_for_its_admin(dev_field: Field) -> None:
    field = dev_field
    view = await field.a_registration()
    await present(field, view, "JETSON-1")
    await present(field, view, "JETSON-2")
    first_run = await _run_id(field, ids.handshake_id(view.edge_id))
    for _ in range(8):
        assert (await present(field, view, "JETSON-2")).state == HandshakeState.PENDING
    await _is_renewed(field, ids.handshake_id(view.edge_id), first_run)

    assert (await present(field, view, "JETSON-2")).state == HandshakeState.PENDING
    assert (await answer_conflict(field, view, HandshakeMove.REPLACE)).state == HandshakeState.BOUND
    assert (await field.machine(view.machine_uuid)).hardware_id == "JETSON-2"


async def test_a_long_ladder_still_knows_who_answered_and_calls_on(dev_field: Field) -> None:
    field = dev_field
    ladder = await a_ladder(field, Rung(Audience.DISPATCHER, 0), Rung(Audience.SUPER_ADMINS, 0.5))
    await ladder.called(2)
    first_run = await _run_id(field, ids.escalation_id(ladder.owner))
    snooze = EscalationCommand(EscalationMove.SNOOZE, field.people["Admin"], "Admin", minutes=60)
    answers = [await field.gateway.move_escalation(f"tg-{turn}", ladder.owner, snooze) for turn in range(8)]
    await _is_renewed(field, ids.escalation_id(ladder.owner), first_run)

    assert await field.gateway.move_escalation("tg-0", ladder.owner, snooze) == answers[0]
    assert (await ladder.answer(EscalationMove.TAKE)).answered_by == field.people["Admin"]
    assert [line[0] for line in await ladder.calls()] == ["call", "call", *["snooze"] * 8, "take"]
    await ladder.handle.signal(Escalation.resolve, "start")
    await eventually(ladder.row, lambda row: row.end_reason == "start")
