"""PostgreSQL gone in the middle of a move (DESIGN 3.5 and 3.12)."""

import asyncio

import pytest

from domain import ids
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentStatus as Status
from domain.assignments import AssignmentView
from domain.errors import InvalidInput, NotPossibleNow
from tests import database as test_database
from tests.waiting import eventually
from tests.workflows.field import Field
from workflows.client import Gateway, Noted


async def test_a_move_during_an_outage_is_noted_holds_nobody_up_and_is_written_once(
    field: Field, hasty: Gateway
) -> None:
    task, other = await field.a_task(), await field.a_task()
    answered = await field.move(other, Move.ACCEPT, source="tg-1")
    command = field.command(Move.ACCEPT, "Technician")

    await test_database.close(field.database.url)
    try:
        noted = await hasty.move_assignment("tg-2", task.assignment_id, command)
        # Neither a repeat nor a refusal needs the database.
        assert await field.move(other, Move.ACCEPT, source="tg-1") == answered
        refused = asyncio.create_task(field.move(other, Move.PHOTO, file_ids=[1]))
        assert isinstance((await asyncio.gather(refused, return_exceptions=True))[0], NotPossibleNow)
    finally:
        await test_database.reopen(field.database.url)

    async def ask() -> AssignmentView | Noted:
        return await hasty.move_assignment("tg-2", task.assignment_id, command)

    view = await eventually(ask, lambda said: not isinstance(said, Noted))
    assert noted == Noted("tg-2")
    assert isinstance(view, AssignmentView)
    assert view.status == Status.ACCEPTED
    assert [line.action for line in await field.story(task)] == ["offer", "accept"]


async def test_what_only_the_queued_write_finds_wrong_is_a_refusal_all_the_same(field: Field) -> None:
    task = await field.a_task()
    for verb in (Move.ACCEPT, Move.START):
        await field.move(task, verb)
    handle = field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id))

    async def queued() -> int:
        return len((await handle.describe()).raw_description.pending_activities)

    async with field.writes_held_up("technician_assignments"):
        sending = asyncio.create_task(field.move(task, Move.PHOTO, file_ids=[4711]))
        await eventually(queued, bool)  # the local activity has given up

    with pytest.raises(InvalidInput):
        await sending
    assert (await field.row(task)).photos == []
