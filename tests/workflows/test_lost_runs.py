"""A run terminated in the Temporal UI: found, offered to the admins, brought back from its row (WORDS 2)."""

import pytest
from sqlalchemy import text

from activities.lost_runs import find_lost_runs
from db.queries.runs import assignment_state, machine_state, onboarding_state
from db.session import SYSTEM
from domain import ids
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentStatus as Status
from domain.errors import Closed
from domain.escalations import Audience, EscalationMove, Rung
from domain.machines import Connection, ConnectionSeen, MachineStatus
from domain.onboarding import OnboardingMove, OnboardingStep
from tests.waiting import ended, eventually
from tests.workflows.box import Box, running
from tests.workflows.field import Field
from tests.workflows.ladders import a_ladder
from tests.workflows.steps import move, present, reaches

pytestmark = pytest.mark.devserver


async def _settle(field: Field) -> None:
    """Let all rows be at rest for longer than visibility lags behind; other machines than ours are gone."""
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(text("update rvm_machines set updated_at = now() - interval '2 minutes'"))
        await session.execute(
            text("update technician_assignments set updated_at = now() - interval '2 minutes'")
        )


async def _only(field: Field, *machine_ids: int) -> None:
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text("update rvm_machines set deleted_at = now() where id <> all(:kept)"),
            {"kept": list(machine_ids)},
        )


async def _find(field: Field) -> int:
    await _settle(field)
    return await find_lost_runs(field.temporal.client, field.database)


async def _entries(field: Field) -> list[tuple[str, str | None]]:
    async with field.database.transaction(SYSTEM) as session:
        rows = await session.execute(text("select workflow_id, resolution from lost_runs order by id"))
        return [(row.workflow_id, row.resolution) for row in rows]


async def test_a_terminated_task_is_found_once_and_comes_back_with_what_it_had(dev_field: Field) -> None:
    field = dev_field
    task = await field.a_task()
    machine = await field.row(task)
    await _only(field, machine.machine_id)
    for verb in (Move.ACCEPT, Move.START):
        await field.move(task, verb)
    await field.move(task, Move.PHOTO, file_ids=[await field.a_photo()])
    workflow_id = ids.assignment_id(task.assignment_id)
    assert await _find(field) == 0

    await field.temporal.client.get_workflow_handle(workflow_id).terminate("by mistake")
    found = [await _find(field), await _find(field)]

    assert found == [1, 0]
    assert await _entries(field) == [(workflow_id, None)]
    assert ("lost_run", 1) in await field.cards("Admin")

    async with field.database.transaction(SYSTEM) as session:
        state = await assignment_state(session, task.assignment_id)
    assert state is not None
    await field.gateway.repair_assignment(state)
    done = await field.move(task, Move.COMPLETE)

    assert (done.status, done.photos) == (Status.COMPLETED, 1)
    await ended(field.temporal.client.get_workflow_handle(workflow_id))
    assert await _find(field) == 0
    assert await _entries(field) == [(workflow_id, "closed")]


async def test_a_task_repaired_in_its_offer_is_reminded_of_with_a_notice_of_its_own(dev_field: Field) -> None:
    field = dev_field
    task = await field.a_task()
    await field.move(task, Move.DECLINE, reason="busy")
    await field.move(task, Move.OFFER, by="Admin", offer=field.offer("Operator"))
    await field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id)).terminate()

    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text("update technician_assignments set offer_due_at = now() - interval '1 minute'")
        )
        state = await assignment_state(session, task.assignment_id)
    assert state is not None
    assert (state.reminded, state.holder, state.moves) == (False, None, 3)
    await field.gateway.repair_assignment(state)

    await eventually(lambda: field.row(task), lambda row: row.assigned_to is None)
    assert [line.action for line in await field.story(task)][-2:] == ["remind", "expire"]
    assert (await field.notices("Admin"))[-1] == "assignment_expired"


async def test_a_terminated_machine_comes_back_with_status_connection_and_work(dev_field: Field) -> None:
    field = dev_field
    task = await field.a_task()
    uuid = (await field.row(task)).machine_uuid
    for verb in (Move.ACCEPT, Move.START):
        await field.move(task, verb)
    await eventually(lambda: field.machine(uuid), lambda row: row.status == MachineStatus.MAINTENANCE)
    await _only(field, (await field.row(task)).machine_id)
    await field.temporal.client.get_workflow_handle(ids.machine_id(uuid)).terminate()
    assert await _find(field) == 1

    async with field.database.transaction(SYSTEM) as session:
        state = await machine_state(session, (await field.row(task)).machine_id)
    assert state is not None
    assert state.work == [task.assignment_id]
    await field.gateway.begin_machine(state)
    handle = field.temporal.client.get_workflow_handle(ids.machine_id(uuid))
    await handle.signal("connection", ConnectionSeen(Connection.ONLINE, await field.now()))
    await eventually(lambda: field.machine(uuid), lambda row: row.connection == Connection.ONLINE)
    await field.move(task, Move.HAND_BACK, reason="no_access")

    await eventually(lambda: field.machine(uuid), lambda row: row.status == MachineStatus.ACTIVE)
    assert await _find(field) == 0
    assert await _entries(field) == [(ids.machine_id(uuid), "running")]


async def test_a_terminated_onboarding_goes_on_from_its_step(dev_field: Field) -> None:
    field = dev_field
    view = await field.a_registration()
    await _only(field, view.machine_id)
    async with running(field.temporal.client, view.edge_id, Box()) as box:
        await present(field, view, "JETSON-1")
        await reaches(field, view, OnboardingStep.ONLINE)
        workflow_id = ids.onboarding_id(view.machine_uuid)
        await field.temporal.client.get_workflow_handle(workflow_id).terminate()
        assert await _find(field) == 1

        async with field.database.transaction(SYSTEM) as session:
            state = await onboarding_state(session, view.machine_id)
        assert state is not None
        await field.gateway.repair_onboarding(state)
        assert await _find(field) == 0
        assert await _entries(field) == [(workflow_id, "running")]
        await move(field, view, OnboardingMove.COMMISSION)
        await reaches(field, view, OnboardingStep.COMMISSIONED)
    assert box.asked == 1


async def test_a_terminated_ladder_has_ended_and_is_not_offered_for_repair(dev_field: Field) -> None:
    field = dev_field
    ladder = await a_ladder(field, Rung(Audience.DISPATCHER, 0))
    await _only(field, (await field.a_machine()).machine_id)
    await ladder.called(1)
    await ladder.handle.terminate("quiet now")
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(text("update escalations set updated_at = now() - interval '2 minutes'"))

    assert await _find(field) == 0

    assert await _entries(field) == []
    assert (await ladder.row()).end_reason == "run_gone"
    with pytest.raises(Closed):
        await ladder.answer(EscalationMove.TAKE)
