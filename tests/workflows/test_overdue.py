"""Delays: whom a task calls when nobody accepts, begins or ends it, and that it stops calling."""

from datetime import timedelta

import pytest

from db.queries.stories import escalation_story
from db.session import SYSTEM
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentView
from domain.chat import Thing
from tests.waiting import eventually
from tests.workflows.field import Field

Call = tuple[str, str | None]


async def calls(field: Field, task: AssignmentView) -> list[Call]:
    """Return the story of a task's ladders: what happened, and whom it called or why it ended."""
    async with field.database.transaction(SYSTEM) as session:
        lines = await escalation_story(session, Thing.ASSIGNMENT, task.assignment_id)
    return [(line.action.removeprefix("escalation_"), line.to_status) for line in lines]


async def called(field: Field, task: AssignmentView, count: int) -> list[Call]:
    """Wait for so many lines of it."""
    return await eventually(lambda: calls(field, task), lambda lines: len(lines) >= count)


@pytest.mark.outcome("assignment-overdue")
async def test_a_late_start_and_a_late_end_call_one_after_the_other(field: Field) -> None:
    begin = await field.now() + timedelta(hours=1)
    task = await field.a_task(scheduled_date=begin, expected_minutes=60)
    await field.move(task, Move.ACCEPT)

    await field.skip(hours=1)
    assert await calls(field, task) == []  # only its time has come
    await field.skip(minutes=16)
    assert await called(field, task, 1) == [("call", "holder")]
    await field.skip(minutes=30)
    assert await called(field, task, 2) == [("call", "holder"), ("call", "dispatcher")]
    await field.move(task, Move.START)
    await eventually(lambda: calls(field, task), lambda lines: lines[-1][0] == "end")
    await field.skip(minutes=80)
    assert len(await calls(field, task)) == 3  # an hour of work may take one and a half
    await field.skip(minutes=11)
    assert (await called(field, task, 4))[3] == ("call", "holder")
    await field.skip(hours=2)
    assert [line[1] for line in (await called(field, task, 6))[3:]] == ["holder", "dispatcher", "admins"]


async def test_an_offer_nobody_takes_reaches_the_admins_unless_somebody_is_asked_again(field: Field) -> None:
    task = await field.a_task()
    await field.move(task, Move.DECLINE, reason="busy")
    await field.move(task, Move.OFFER, by="Admin", offer=field.offer("Operator"))
    await field.skip(minutes=59)
    assert await calls(field, task) == []
    await field.move(task, Move.DECLINE, by="Operator", reason="busy")

    await field.skip(minutes=61)  # the dispatcher had the time of another offer

    assert await called(field, task, 1) == [("call", "admins")]
    await field.move(task, Move.CANCEL, by="Admin")
    await eventually(lambda: calls(field, task), lambda lines: lines[-1][0] == "end")
