"""Cancel pressed in the Temporal UI, at moments when something is being written."""

import asyncio

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

from db.session import SYSTEM
from domain import ids
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentStatus as Status
from domain.edge import CheckName
from domain.machines import MachineCommand, MachineMove, MachineStatus
from domain.onboarding import OnboardingCommand, OnboardingMove, OnboardingStep
from tests.waiting import ended, eventually
from tests.workflows.box import Box, running
from tests.workflows.field import Field, answered
from tests.workflows.steps import present, reaches


def run_of(field: Field, workflow_id: str) -> WorkflowHandle[object, object]:
    return field.temporal.client.get_workflow_handle(workflow_id)


async def _open_tasks(field: Field) -> int:
    async with field.database.transaction(SYSTEM) as session:
        query = text("select count(*) from technician_assignments where status <> 'cancelled'")
        return int(await session.scalar(query) or 0)


async def test_a_task_cancelled_while_it_is_created_is_created_and_then_cancelled(field: Field) -> None:
    await field.a_machine()
    async with field.writes_held_up("technician_assignments"):
        creating = asyncio.create_task(field.a_task())
        await field.a_write_waits()
        await run_of(field, ids.assignment_id(1)).cancel()

    task = await creating
    await ended(run_of(field, ids.assignment_id(task.assignment_id)))

    assert (await field.row(task)).status == Status.CANCELLED
    assert [line.action for line in await field.story(task)] == ["offer", "cancel"]


async def test_a_move_that_is_being_written_goes_through_before_the_cancel(field: Field) -> None:
    task = await field.a_task()
    async with field.writes_held_up("technician_assignments"):
        accepting = asyncio.create_task(field.move(task, Move.ACCEPT))
        await field.a_write_waits()
        await run_of(field, ids.assignment_id(task.assignment_id)).cancel()

    assert (await accepting).status == Status.ACCEPTED
    await ended(run_of(field, ids.assignment_id(task.assignment_id)))
    assert [line.action for line in await field.story(task)] == ["offer", "accept", "cancel"]


async def test_an_offer_that_expires_while_it_is_cancelled_is_only_cancelled(field: Field) -> None:
    task = await field.a_task()
    handle = run_of(field, ids.assignment_id(task.assignment_id))
    await handle.cancel()
    await field.skip(hours=2)
    await ended(handle)
    assert [line.action for line in await field.story(task)] == ["offer", "cancel"]


async def test_an_onboarding_cancelled_while_it_registers_leaves_no_machine(field: Field) -> None:
    async with field.writes_held_up("rvm_machines"):
        registering = asyncio.create_task(field.a_registration(installer="Technician"))
        await field.a_write_waits()
        uuid = ids.uuid_from_source("RVM-NEW-1-test-1")
        await run_of(field, ids.onboarding_id(uuid)).cancel()

    view = await registering
    await ended(run_of(field, ids.onboarding_id(uuid)))

    assert view.machine_uuid == uuid
    async with field.database.transaction(SYSTEM) as session:
        row = (
            await session.execute(
                text(
                    "select onboarding_step, deleted_at is not null, api_key_revoked_at is not null"
                    " from rvm_machines where uuid = :uuid"
                ),
                {"uuid": uuid},
            )
        ).one()
    assert tuple(row) == (OnboardingStep.CANCELLED, True, True)
    await eventually(lambda: _open_tasks(field), lambda number: number == 0)


@pytest.mark.parametrize("in_the_ui", [True, False])
async def test_an_onboarding_is_cancelled_while_its_box_tests_itself(field: Field, in_the_ui: bool) -> None:  # noqa: FBT001 - a parameter of the test
    view = await field.a_registration(installer="Technician")
    async with running(field.temporal.client, view.edge_id, Box(slow=True)) as box:
        await present(field, view, "JETSON-1")
        await box.was_asked.wait()
        if in_the_ui:
            await run_of(field, ids.onboarding_id(view.machine_uuid)).cancel()
        else:
            command = OnboardingCommand(OnboardingMove.CANCEL, field.people["Admin"], "Admin")
            await field.gateway.move_onboarding(field.source(), view.machine_uuid, command)
        await ended(run_of(field, ids.onboarding_id(view.machine_uuid)))
        await ended(run_of(field, ids.machine_id(view.machine_uuid)))  # withdrawn
        await ended(run_of(field, ids.assignment_id(1)))

    assert not box.answered
    async with field.database.transaction(SYSTEM) as session:
        last = await session.execute(
            text("select move, cause from assignment_events order by id desc limit 1")
        )
        assert tuple(last.one()) == ("cancel", "temporal_ui" if in_the_ui else "onboarding_cancelled")


async def test_the_step_of_a_failing_box_is_left_by_a_cancel(field: Field) -> None:
    view = await field.a_registration()
    async with running(field.temporal.client, view.edge_id, Box({CheckName.CAMERA: "no_frame"})):
        await present(field, view, "JETSON-1")
        await reaches(field, view, OnboardingStep.TEST_FAILED)
        await run_of(field, ids.onboarding_id(view.machine_uuid)).cancel()
        await ended(run_of(field, ids.onboarding_id(view.machine_uuid)))
    description = await run_of(field, ids.onboarding_id(view.machine_uuid)).describe()
    assert description.status == WorkflowExecutionStatus.COMPLETED


async def test_a_machine_refuses_the_cancel_even_while_it_is_written(field: Field) -> None:
    machine = await field.a_machine()
    command = MachineCommand(field.people["Admin"], MachineMove.FILL)
    async with field.writes_held_up("rvm_machines"):
        fill = answered(lambda: field.gateway.move_machine("fill", machine.uuid, command))
        filling = asyncio.create_task(fill)
        await field.a_write_waits()
        await run_of(field, ids.machine_id(machine.uuid)).cancel()

    view = await filling
    assert view.status == MachineStatus.FULL
    description = await run_of(field, ids.machine_id(machine.uuid)).describe()
    assert description.status == WorkflowExecutionStatus.RUNNING
