"""Whom a task is offered to: one after the other, or a pool in which the first accept wins."""

import asyncio
import dataclasses

import pytest
from sqlalchemy import text

from db.queries.assignments import open_assignments_of
from db.session import SYSTEM
from domain import ids
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentPolicy, AssignmentView
from domain.assignments import AssignmentStatus as Status
from domain.errors import AlreadyTaken, NotYours
from domain.offers import Candidate, OfferMode
from domain.priorities import Priority
from tests.waiting import eventually
from tests.workflows.field import Field
from workflows.client import Noted


async def offers(field: Field, task: AssignmentView) -> list[tuple[str, int, str]]:
    """Return who was asked in which round, and what became of it."""
    return [(one.name, one.offer_no, one.outcome) for one in (await field.row(task)).offers]


async def a_pool(field: Field, many: int) -> list[Candidate]:
    """Return technicians who can all be asked."""
    async with field.database.transaction(SYSTEM) as session:
        rows = await session.execute(
            text(
                "insert into users (name, email) select 'T' || n, 't' || n || '@example.com'"
                " from generate_series(1, :many) n returning id, name"
            ),
            {"many": many},
        )
        return [Candidate(row.id, row.name) for row in rows]


@pytest.mark.outcome("assignment-pool-accepted")
async def test_the_first_of_a_pool_has_it_and_nineteen_hear_who(field: Field) -> None:
    pool = await a_pool(field, 20)
    task = await field.a_task(None, asked=pool, mode=OfferMode.POOL)
    tap = dataclasses.replace(field.command(Move.ACCEPT, "Technician"))

    async def accept(one: Candidate) -> str:
        command = dataclasses.replace(tap, actor_id=one.user_id, actor_name=one.name)
        try:
            view = await field.gateway.move_assignment(field.source(), task.assignment_id, command)
        except AlreadyTaken as refusal:
            return f"taken by {refusal.details['holder']}"
        assert not isinstance(view, Noted)
        return f"held by {view.holder}"

    answers = await asyncio.gather(*(accept(one) for one in pool))

    row = await field.row(task)
    winner = next(one for one in pool if one.user_id == row.assigned_to)
    assert sorted(answers) == sorted([f"held by {winner.user_id}", *[f"taken by {winner.name}"] * 19])
    outcomes = {one.user_id: one.outcome for one in row.offers}
    assert outcomes.pop(winner.user_id) == "accepted"
    assert set(outcomes.values()) == {"taken"}
    assert await field.access(task) == [(winner.name, True)]
    assert row.asked == []


@pytest.mark.outcome("assignment-declined-to-next")
async def test_who_declines_or_does_not_answer_makes_room_for_the_next(field: Field) -> None:
    task = await field.a_task("Technician", waiting=[field.candidate("Operator"), field.candidate("Tenant")])

    await field.move(task, Move.DECLINE, reason="busy")
    assert (await field.row(task)).assigned_to == field.people["Operator"]
    with pytest.raises(NotYours):
        await field.move(task, Move.ACCEPT)
    assert await field.rings("Operator", "assignment") == 1
    await field.skip(hours=1)  # a medium offer stands for an hour
    row = await eventually(lambda: field.row(task), lambda one: one.assigned_to == field.people["Tenant"])
    assert row.offer_due_at is not None
    assert row.offer_due_at > await field.now()
    assert await field.notices("Admin") == []  # nothing to choose yet
    await field.move(task, Move.DECLINE, by="Tenant", reason="too_far")

    assert await offers(field, task) == [
        ("Technician", 1, "declined"),
        ("Operator", 1, "expired"),
        ("Tenant", 1, "declined"),
    ]
    assert (await field.row(task)).assigned_to is None
    assert await field.notices("Admin") == ["assignment_declined"]


async def test_a_pool_shrinks_with_each_refusal_until_the_dispatcher_chooses(field: Field) -> None:
    pool = field.offer("Technician", "Operator", "Tenant", mode=OfferMode.POOL)
    task = await field.a_task(None)
    await field.move(task, Move.OFFER, by="Admin", offer=pool)
    async with field.database.transaction(SYSTEM) as session:
        mine = await open_assignments_of(session, field.people["Operator"])
    assert [one.assignment_id for one in mine] == [task.assignment_id]
    assert (await field.row(task)).concerns(field.people["Operator"])

    await field.move(task, Move.DECLINE, reason="busy")
    await field.move(task, Move.WITHDRAW, by="Admin", withdrawn=field.people["Operator"])
    with pytest.raises(NotYours):
        await field.move(task, Move.ACCEPT, by="Operator")
    assert [one.name for one in (await field.row(task)).asked] == ["Tenant"]
    assert await field.notices("Admin") == []
    await field.skip(hours=1)
    await eventually(lambda: field.row(task), lambda row: row.asked == [])

    assert await field.notices("Tenant") == ["assignment_reminder"]
    assert await field.notices("Admin") == ["assignment_expired"]
    await field.move(task, Move.OFFER, by="Admin", offer=field.offer("Operator"))
    await field.move(task, Move.ACCEPT, by="Operator")
    assert await offers(field, task) == [
        ("Technician", 2, "declined"),
        ("Operator", 2, "withdrawn"),
        ("Tenant", 2, "expired"),
        ("Operator", 3, "accepted"),
    ]


async def test_a_raised_priority_shortens_the_offer_and_another_time_is_told(field: Field) -> None:
    task = await field.a_task(policy=AssignmentPolicy(offer_stands_s=14_400), priority=Priority.LOW)

    await field.move(task, Move.PRIORITIZE, by="Admin", priority=Priority.URGENT)
    row = await field.row(task)
    assert row.priority == Priority.URGENT
    assert row.offer_due_at is not None
    assert (row.offer_due_at - await field.now()).total_seconds() <= 300  # an urgent offer stands 5 minutes
    later = row.scheduled_date.replace(year=row.scheduled_date.year + 1)
    await field.move(task, Move.RESCHEDULE, by="Admin", scheduled_date=later)
    assert (await field.row(task)).scheduled_date == later
    await field.move(task, Move.PRIORITIZE, by="Admin", priority=Priority.LOW)

    assert await field.notices("Technician") == ["assignment_prioritized", "assignment_rescheduled"]
    told = await field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id)).describe()
    assert "low" in str(told.typed_search_attributes)


async def test_access_lasts_from_the_accept_until_the_task_leaves_the_person(field: Field) -> None:
    task = await field.a_task()
    assert await field.access(task) == []
    await field.move(task, Move.ACCEPT)
    assert await field.access(task) == [("Technician", True)]
    await field.move(task, Move.HAND_BACK, reason="need_help")
    assert await field.access(task) == [("Technician", False)]
    await field.move(task, Move.OFFER, by="Admin", offer=field.offer("Operator"))
    await field.move(task, Move.ACCEPT, by="Operator")
    await field.move(task, Move.CANCEL, by="Admin")
    assert await field.access(task) == [("Technician", False), ("Operator", False)]
    assert (await field.row(task)).status == Status.CANCELLED
