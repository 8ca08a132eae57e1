"""Two minutes in which a completion can be taken back: until then nothing of it leaves."""

from datetime import timedelta

import pytest

from domain import ids
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentPolicy
from domain.assignments import AssignmentStatus as Status
from domain.errors import Closed, InvalidInput, NotYours, ReasonRequired, UndoTooLate
from domain.machines import MachineStatus
from tests.waiting import ended, eventually
from tests.workflows.field import Field
from tests.workflows.steps import a_started_task, complete

UNDOABLE = AssignmentPolicy(offer_stands_s=3600, undo_s=120)


@pytest.mark.outcome("assignment-undone")
async def test_a_completion_taken_back_has_told_nobody_and_the_next_one_settles(field: Field) -> None:
    task = await a_started_task(field, policy=UNDOABLE)
    done = await complete(field, task)
    machine = (await field.row(task)).machine_uuid

    assert done.undo_until is not None
    assert done.undo_until - await field.now() <= timedelta(minutes=2)
    with pytest.raises(Closed) as late_photo:
        await field.move(task, Move.PHOTO, file_ids=[await field.a_photo()])
    assert late_photo.value.details["undo"] is True
    with pytest.raises(NotYours):
        await field.move(task, Move.UNDO, by="Operator")
    back = await field.move(task, Move.UNDO)
    row = await field.row(task)
    assert (back.status, row.completed_at, row.undo_until) == (Status.IN_PROGRESS, None, None)
    assert await field.notices("Admin") == []
    assert (await field.machine(machine)).status == MachineStatus.MAINTENANCE

    await field.move(task, Move.COMPLETE, note="Belt changed, door mended")
    assert await field.access(task) == [("Technician", True)]
    await field.skip(minutes=2)

    row = await eventually(lambda: field.row(task), lambda one: one.settled_at is not None)
    assert row.completion_notes == "Belt changed, door mended"
    assert await field.notices("Admin") == ["assignment_completed"]
    assert await field.access(task) == [("Technician", False)]
    await eventually(lambda: field.machine(machine), lambda one: one.status == MachineStatus.ACTIVE)
    moves = [line.action for line in await field.story(task)]
    assert moves[-4:] == ["complete", "undo", "complete", "settle"]
    await ended(field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id)))
    with pytest.raises(UndoTooLate):
        await field.move(task, Move.UNDO)


async def test_cancel_in_temporal_while_it_can_be_undone_makes_the_completion_final(field: Field) -> None:
    task = await a_started_task(field, policy=UNDOABLE)
    await complete(field, task)
    run = field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id))

    await run.cancel()
    await ended(run)

    row = await field.row(task)
    assert row.status == Status.COMPLETED
    assert row.settled_at is not None
    assert (await field.story(task))[-1].cause == "temporal_ui"


@pytest.mark.outcome("assignment-postponed")
async def test_a_task_is_postponed_with_a_reason_to_a_time_that_is_not_over(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.ACCEPT)
    tomorrow = await field.now() + timedelta(days=1)

    with pytest.raises(ReasonRequired):
        await field.move(task, Move.POSTPONE, reason="other", scheduled_date=tomorrow)
    for at in (None, tomorrow - timedelta(days=2)):
        with pytest.raises(InvalidInput):
            await field.move(task, Move.POSTPONE, reason="traffic", scheduled_date=at)
    await field.move(task, Move.POSTPONE, reason="traffic", scheduled_date=tomorrow)

    assert (await field.row(task)).scheduled_date == tomorrow
    assert await field.notices("Admin") == ["assignment_postponed"]
    line = (await field.story(task))[-1]
    assert (line.reason, line.details["to"]) == ("traffic", tomorrow.isoformat())
