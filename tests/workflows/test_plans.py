"""Work that returns: what a run makes, what it skips, and Schedules that follow the rows."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from temporalio.client import ScheduleOverlapPolicy

from db.plans import PlanDraft, create_plan, delete_plan, switch_plan
from db.queries.calendar import calendar
from db.queries.plans import PlanDetail, plan_by_id
from db.session import SYSTEM
from domain import ids
from domain.assignments import AssignmentMove, AssignmentStatus, AssignmentView, TaskType
from domain.plans import LAST, PlanAsks, PlanView, Rule, RuleKind, RunOutcome, offers
from siaga.processes.plans import mend_plans
from tests.waiting import ended, eventually
from tests.workflows.field import Field
from workflows.client import Noted

BERLIN = "Europe/Berlin"


async def a_plan(field: Field, rule: Rule | None = None, *, machine: int = 0, **changes: Any) -> PlanDetail:  # noqa: ANN401
    """Write a plan at a demo machine, as the admin."""
    found = await field.a_machine(machine)
    given: dict[str, Any] = {
        "machine_id": found.machine_id,
        "task_type": TaskType.MAINTENANCE,
        "rule": rule or Rule(RuleKind.EVERY_DAYS, datetime.now(UTC).date(), every=7),
        "at": time(9),
        "asks": PlanAsks.PERSON,
        "people": [field.people["Technician"]],
    }
    draft = PlanDraft(**given | changes)
    async with field.database.transaction(SYSTEM) as session:
        number = await create_plan(session, draft, created_by=field.people["Admin"], source=field.source())
    return await row(field, number)


async def row(field: Field, number: int) -> PlanDetail:
    async with field.database.transaction(SYSTEM) as session:
        found = await plan_by_id(session, number)
    assert found is not None
    return found


async def run(field: Field, plan: PlanDetail, source: str) -> PlanView:
    view = await field.gateway.plans.run(source, plan.plan, await field.now())
    assert not isinstance(view, Noted)
    return view


def task_of(view: PlanView, field: Field) -> AssignmentView:
    assert view.assignment_id is not None
    return AssignmentView(
        view.assignment_id, AssignmentStatus.PENDING, None, field.people["Technician"], "RVM"
    )


@pytest.mark.outcome("maintenance-run-created")
async def test_a_run_makes_one_task_and_the_next_waits_for_its_end(field: Field) -> None:
    plan = await a_plan(field)

    first = await run(field, plan, "tg-1")
    assert first == await run(field, plan, "tg-1")
    task = task_of(first, field)
    made = await eventually(lambda: row(field, plan.plan_id), lambda one: one.last_status is not None)
    assert (made.last_assignment_id, made.last_status) == (task.assignment_id, AssignmentStatus.PENDING)
    assert ("assignment", task.assignment_id) in await field.cards("Technician")

    for source in ("tg-2", "tg-3"):
        assert await run(field, plan, source) == PlanView(
            plan.plan_id, RunOutcome.SKIPPED, task.assignment_id
        )
    assert await field.notices("Admin") == ["plan_skipped"]  # told once

    await field.move(task, AssignmentMove.CANCEL, by="Admin")
    await ended(field.temporal.client.get_workflow_handle(ids.assignment_id(task.assignment_id)))
    again = await run(field, plan, "tg-4")
    assert again.outcome == RunOutcome.CREATED
    assert again.assignment_id != task.assignment_id


async def test_a_plan_asks_who_is_there_and_stops_with_its_machine(field: Field) -> None:
    people = field.people
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(text("update users set is_active = false where name = 'Operator'"))
    both = await a_plan(field, asks=PlanAsks.LIST, people=[people["Technician"]])
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text("update maintenance_plans set people = :people, created_by = :gone"),
            {"people": f"[{people['Operator']}, {people['Technician']}]", "gone": people["Operator"]},
        )
    made = await run(field, both, "tg-1")
    await eventually(lambda: row(field, both.plan_id), lambda one: one.last_status is not None)
    task = await field.row(task_of(made, field))
    assert task.assigned_to == people["Technician"]
    assert task.assigned_by == people["Super Admin"]  # whoever made the plan is gone

    async with field.database.transaction(SYSTEM) as session:
        await session.execute(text("update rvm_machines set deleted_at = now() where id = 1"))
    assert (await run(field, both, "tg-2")).outcome == RunOutcome.STOPPED
    assert not (await row(field, both.plan_id)).active
    assert await field.notices("Super Admin") == ["plan_stopped"]


RULES = {
    "every ten days": Rule(RuleKind.EVERY_DAYS, date(2026, 1, 1), every=10),
    "weekdays": Rule(RuleKind.WEEKDAYS, date(2026, 1, 1), weekdays=(1, 4, 7)),
    "the 28th": Rule(RuleKind.MONTH_DAY, date(2026, 1, 1), day=28),
    "the last day": Rule(RuleKind.MONTH_DAY, date(2026, 1, 1), day=LAST),
    "the last Sunday": Rule(RuleKind.MONTH_WEEKDAY, date(2026, 1, 1), weekdays=(7,), nth=LAST),
}


async def in_berlin(field: Field) -> None:
    """Let the first three machines stand where clocks change."""
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text("update rvm_machines set time_zone = :zone where id in (1, 2, 3)"), {"zone": BERLIN}
        )


@pytest.mark.devserver
async def test_schedules_agree_with_the_calendar_over_changes_of_the_clocks(dev_field: Field) -> None:
    field, client = dev_field, dev_field.temporal.client
    await in_berlin(field)
    today = datetime.now(UTC).date()
    # 02.30 comes twice or never on two days a year.
    at = {"every ten days": time(2, 30), "the last Sunday": time(2, 30)}
    plans = {
        name: await a_plan(
            field,
            _since(rule, today),
            machine=number,
            at=at.get(name, time(9)),
            ahead_days=2 if name == "the 28th" else 0,
        )
        for number, (name, rule) in enumerate(RULES.items())
    }

    await mend_plans(client, field.database)

    for name, plan in plans.items():
        described = await client.get_schedule_handle(ids.plan_id(plan.plan_id)).describe()
        coming, made = described.info.next_action_times, described.info.created_at
        assert coming == offers(plan.plan, made, made + timedelta(days=730))[: len(coming)], name
        assert len(coming) >= 8, name
        if plan.machine_time_zone == BERLIN and plan.at == time(9):
            assert {moment.astimezone(ZoneInfo(BERLIN)).hour for moment in coming} == {9}
        assert described.schedule.policy.overlap == ScheduleOverlapPolicy.SKIP


@pytest.mark.devserver
async def test_a_schedule_follows_its_row_whatever_happened_to_it(dev_field: Field) -> None:
    field, client = dev_field, dev_field.temporal.client
    plans = [await a_plan(field, machine=number) for number in range(4)]
    paused, changed, deleted, missing = (plan.plan_id for plan in plans)
    await mend_plans(client, field.database)

    async def schedules() -> dict[str, str | None]:
        found = await client.list_schedules()
        return {one.id: one.schedule.state.note if one.schedule else None async for one in found}

    await eventually(schedules, lambda found: len(found) == 4)
    await client.get_schedule_handle(ids.plan_id(paused)).pause(note="by hand")
    await client.get_schedule_handle(ids.plan_id(missing)).delete()
    async with field.database.transaction(SYSTEM) as session:
        await session.execute(
            text("update maintenance_plans set version = 9, time_of_day = '10:00' where id = :id"),
            {"id": changed},
        )
        await delete_plan(session, deleted, actor_id=field.people["Admin"], source="tg-1")
    # What lists show lags behind a little.
    await eventually(schedules, lambda found: len(found) == 3 and found.get(ids.plan_id(paused)) == "by hand")

    await mend_plans(client, field.database)  # the row follows the pause in the Temporal UI …
    assert not (await row(field, paused)).active
    await mend_plans(client, field.database)  # … and its Schedule goes with the next look

    kept = {ids.plan_id(changed), ids.plan_id(missing)}
    left = await eventually(schedules, lambda found: set(found) == kept)
    assert "version 9" in (left[ids.plan_id(changed)] or "")
    described = await client.get_schedule_handle(ids.plan_id(changed)).describe()
    hours = {at.astimezone(ZoneInfo("Asia/Jakarta")).hour for at in described.info.next_action_times}
    assert hours == {10}


def _since(rule: Rule, today: date) -> Rule:
    """Return the rule from today on."""
    return Rule(rule.kind, today, rule.every, rule.weekdays, rule.day, rule.nth)


@pytest.mark.devserver
async def test_a_schedule_makes_the_task_of_its_day(dev_field: Field) -> None:
    field, client = dev_field, dev_field.temporal.client
    plan = await a_plan(field, ahead_days=3)
    await field.gateway.plans.follow(plan.plan_id, plan.plan)

    await client.get_schedule_handle(ids.plan_id(plan.plan_id)).trigger()

    made = await eventually(lambda: row(field, plan.plan_id), lambda one: one.last_status is not None)
    assert made.last_assignment_id is not None
    assert made.last_run_at is not None
    task = await field.row(
        task_of(PlanView(plan.plan_id, RunOutcome.CREATED, made.last_assignment_id), field)
    )
    local = task.scheduled_date.astimezone(ZoneInfo("Asia/Jakarta"))
    assert local.time() == time(9)
    assert local.date() == made.last_run_at.astimezone(ZoneInfo("Asia/Jakarta")).date() + timedelta(days=3)

    now = datetime.now(UTC)
    async with field.database.transaction(SYSTEM) as session:
        found = await calendar(
            session, [field.organization], now - timedelta(days=1), now + timedelta(days=28), now
        )
        assert await calendar(session, [999], now, now + timedelta(days=28), now) == []
        await switch_plan(session, plan.plan_id, active=False, actor_id=None, source="off")
        without = await calendar(session, [field.organization], now, now + timedelta(days=28), now)
    assert [entry.assignment_id for entry in found if entry.plan_id is None] == [task.assignment_id]
    assert 3 <= len([entry for entry in found if entry.plan_id == plan.plan_id]) <= 4
    assert [entry.plan_id for entry in without] == [None]
    await field.gateway.plans.follow(plan.plan_id, None)
    await field.gateway.plans.follow(plan.plan_id, None)  # there may be none
