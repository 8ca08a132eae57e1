"""Every way an assignment may go."""

import pytest

from domain import ids
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentStatus as Status
from domain.errors import (
    Closed,
    InvalidInput,
    NotYours,
    ReasonRequired,
)
from domain.machines import MachineStatus
from domain.offers import Candidate
from tests.waiting import ended, eventually
from tests.workflows.field import Field


@pytest.mark.outcome("assignment-completed")
async def test_a_task_is_accepted_started_photographed_and_completed(field: Field) -> None:
    task = await field.a_task()

    await field.move(task, Move.ACCEPT)
    await field.move(task, Move.START)
    machine = await field.row(task)
    await eventually(
        lambda: field.machine(machine.machine_uuid), lambda row: row.status == MachineStatus.MAINTENANCE
    )
    await field.move(task, Move.PHOTO, file_ids=[await field.a_photo(), await field.a_photo()])
    done = await field.move(task, Move.COMPLETE, note="Belt changed")

    row = await field.row(task)
    assert done.status == row.status == Status.COMPLETED
    assert (row.completion_notes, len(row.photos)) == ("Belt changed", 2)
    assert None not in (row.accepted_at, row.started_at, row.completed_at)
    assert [line.action for line in await field.story(task)] == [
        "offer",
        "accept",
        "start",
        "photo",
        "complete",
    ]
    assert "assignment_completed" in await field.notices("Admin")
    await eventually(
        lambda: field.machine(machine.machine_uuid), lambda row: row.status == MachineStatus.ACTIVE
    )
    await ended(field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id)))


@pytest.mark.outcome("assignment-expired-and-reassigned")
async def test_an_offer_nobody_answers_is_reminded_of_and_goes_back_to_the_dispatcher(field: Field) -> None:
    task = await field.a_task()

    await field.skip(minutes=31)
    assert await field.notices("Technician") == ["assignment_reminder"]
    await field.skip(minutes=31)

    row = await field.row(task)
    assert (row.status, row.assigned_to) == (Status.PENDING, None)
    assert await field.notices("Admin") == ["assignment_expired"]
    with pytest.raises(NotYours):
        await field.move(task, Move.ACCEPT)

    await field.move(task, Move.OFFER, by="Admin", offer=field.offer("Operator"))
    accepted = await field.move(task, Move.ACCEPT, by="Operator")
    assert accepted.holder == field.people["Operator"]


@pytest.mark.outcome("assignment-declined")
async def test_a_declined_offer_waits_for_the_dispatcher_however_long(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.DECLINE, reason="too_far")

    await field.skip(days=40)

    assert (await field.row(task)).status == Status.PENDING
    assert await field.notices("Admin") == ["assignment_declined"]


@pytest.mark.outcome("assignment-handed-back")
async def test_a_task_handed_back_keeps_its_photos_and_frees_the_machine(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.ACCEPT)
    await field.move(task, Move.START)
    await field.move(task, Move.PHOTO, file_ids=[await field.a_photo()])
    machine_uuid = (await field.row(task)).machine_uuid

    await field.move(task, Move.HAND_BACK, reason="part_missing")

    row = await field.row(task)
    assert (row.status, row.assigned_to, len(row.photos), row.started_at) == (Status.PENDING, None, 1, None)
    assert await field.notices("Admin") == ["assignment_handed_back"]
    await eventually(lambda: field.machine(machine_uuid), lambda row: row.status == MachineStatus.ACTIVE)


@pytest.mark.outcome("assignment-cancelled")
async def test_a_cancelled_task_is_over_and_its_holder_is_told(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.ACCEPT)

    await field.move(task, Move.CANCEL, by="Admin")

    assert (await field.row(task)).status == Status.CANCELLED
    assert await field.notices("Technician") == ["assignment_cancelled"]
    with pytest.raises(Closed):
        await field.move(task, Move.START)


@pytest.mark.outcome("assignment-cancelled-in-temporal")
async def test_cancel_pressed_in_the_temporal_ui_is_the_verb_cancel(field: Field) -> None:
    task = await field.a_task()
    handle = field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id))

    await handle.cancel()
    await ended(handle)

    assert (await field.row(task)).status == Status.CANCELLED
    assert (await field.story(task))[-1].cause == "temporal_ui"


async def test_the_same_source_gets_the_first_answer_and_changes_nothing_twice(field: Field) -> None:
    task = await field.a_task()

    first = await field.move(task, Move.ACCEPT, source="tg-1")
    await field.move(task, Move.START)
    again = await field.move(task, Move.ACCEPT, source="tg-1")

    assert first == again
    assert [line.action for line in await field.story(task)] == ["offer", "accept", "start"]


async def test_the_same_source_is_remembered_after_the_task_is_over(field: Field) -> None:
    task = await field.a_task()
    first = await field.move(task, Move.CANCEL, by="Admin", source="tg-2")
    assert await field.move(task, Move.CANCEL, by="Admin", source="tg-2") == first


async def test_what_is_refused_leaves_no_trace(field: Field) -> None:
    task = await field.a_task()
    with pytest.raises(ReasonRequired):
        await field.move(task, Move.DECLINE)
    with pytest.raises(NotYours):
        await field.move(task, Move.ACCEPT, by="Operator")
    assert [line.action for line in await field.story(task)] == ["offer"]


async def test_a_task_for_somebody_who_does_not_exist_is_refused_and_leaves_nothing(field: Field) -> None:
    with pytest.raises(InvalidInput):
        await field.a_task(asked=[Candidate(999_999, "Nobody")])


async def test_who_was_asked_is_told_when_the_task_goes_to_another(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.ACCEPT)
    await field.move(task, Move.OFFER, by="Admin", offer=field.offer("Operator"))
    assert await field.notices("Technician") == ["assignment_withdrawn"]
    assert ("assignment", task.assignment_id) in await field.cards("Operator")


async def test_words_the_database_cannot_hold_are_refused_and_block_nothing(field: Field) -> None:
    task = await field.a_task()
    with pytest.raises(InvalidInput):
        await field.move(task, Move.DECLINE, reason="other", note="a\x00b")
    assert (await field.move(task, Move.ACCEPT)).status == Status.ACCEPTED


async def test_a_photo_that_was_never_stored_is_refused(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.ACCEPT)
    await field.move(task, Move.START)
    with pytest.raises(InvalidInput):
        await field.move(task, Move.PHOTO, file_ids=[4711])
    assert (await field.row(task)).photos == []
