"""Variables of what recurring work shows: its card, lists, calendar, notices and questions."""

import dataclasses
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

from bot.dialogs.fields import Picked
from bot.dialogs.plan import MONTH_LAST
from db.queries.calendar import CalendarEntry
from db.queries.plans import PlanDetail
from domain.assignments import AssignmentStatus, TaskType
from domain.plans import LAST, PlanAsks, Rule, RuleKind
from domain.priorities import Priority
from tests.bot.samples.rows import NASTY, NOW, Words

RULES = (
    Rule(RuleKind.EVERY_DAYS, NOW.date(), every=1),
    Rule(RuleKind.EVERY_DAYS, NOW.date(), every=366),
    Rule(RuleKind.WEEKDAYS, NOW.date(), weekdays=(1, 4)),
    Rule(RuleKind.MONTH_DAY, NOW.date(), day=28),
    Rule(RuleKind.MONTH_DAY, NOW.date(), day=LAST),
    Rule(RuleKind.MONTH_WEEKDAY, NOW.date(), nth=4, weekdays=(7,)),
    Rule(RuleKind.MONTH_WEEKDAY, NOW.date(), nth=LAST, weekdays=(5,)),
)


def a_plan(**changes: Any) -> PlanDetail:  # noqa: ANN401 - any column
    """Return a plan that runs."""
    plan = PlanDetail(
        plan_id=7,
        organization_id=1,
        machine_id=3,
        machine_name="RVM Blok M Plaza",
        machine_time_zone="Asia/Makassar",
        task_type=TaskType.MAINTENANCE,
        priority=Priority.MEDIUM,
        rule=Rule(RuleKind.EVERY_DAYS, NOW.date(), every=10),
        at=time(9),
        ahead_days=1,
        asks=PlanAsks.PERSON,
        people=[4],
        people_names=["Budi"],
        description="",
        expected_minutes=None,
        active=True,
        created_by=2,
        created_by_name="Admin",
        last_assignment_id=12,
        last_status=AssignmentStatus.COMPLETED,
        last_run_at=NOW,
        version=1,
        created_at=NOW,
    )
    return dataclasses.replace(plan, **changes)


def plans() -> Iterator[tuple[str, Words]]:
    """Return the variables."""
    for rule in RULES:
        for asks, people in ((PlanAsks.PERSON, [NASTY]), (PlanAsks.ACCESS, []), (PlanAsks.NOBODY, [])):
            plan = a_plan(rule=rule, asks=asks, people_names=people, description=NASTY, machine_name=NASTY)
            yield "cards/plan", {"thing": plan, "coming": [NOW, NOW]}
    idle = a_plan(active=False, last_assignment_id=None, last_status=None, ahead_days=0)
    yield "cards/plan", {"thing": idle, "coming": []}
    for thing in (a_plan(), a_plan(machine_name=NASTY)):
        yield "notices/plan_skipped", {"thing": thing, "assignment_id": 12}
        yield "notices/plan_stopped", {"thing": thing, "assignment_id": None}
    yield "replies/plan_deleted", {"machine_name": NASTY}
    listed = [a_plan(rule=rule, active=rule is not RULES[0], machine_name=NASTY) for rule in RULES]
    yield "replies/plans", {"plans": listed}
    yield from _calendar()
    yield from _confirmations()


def _calendar() -> Iterator[tuple[str, Words]]:
    about = (NOW, 1, 3, NASTY, TaskType.MAINTENANCE, Priority.URGENT)
    task: Words = {"assignment_id": 12, "status": AssignmentStatus.PENDING}
    entries = [
        CalendarEntry(*about, plan_id=7),
        CalendarEntry(*about, **task),
        CalendarEntry(*about, **task, assigned_to=4, assigned_to_name=NASTY),
    ]
    turned: Words = {"week": 1, "weeks": 4, "shown": 6}
    yield (
        "replies/calendar",
        {"days": [(NOW.date() + timedelta(days=day), entries * 3) for day in range(7)], **turned},
    )
    yield "replies/calendar", {"days": [(NOW.date(), [])], **turned}


def _confirmations() -> Iterator[tuple[str, Words]]:
    """Return the last question for each kind of rule; the others come with all dialogs."""
    answers: Words = {
        "machine": Picked(3, NASTY),
        "task_type": "repair",
        "every": 10,
        "weekdays": "Senin, Kamis",
        "month_day": 28,
        "at": NOW,
        "priority": "urgent",
    }
    for rule in (*RuleKind, MONTH_LAST):
        for asks in (PlanAsks.ACCESS, PlanAsks.NOBODY):
            said = {**answers, "rule": rule, "asks": asks, "description": NASTY}
            yield "dialogs/plan", {"field": "confirm", "answers": said, "step": 2, "steps": 2}
