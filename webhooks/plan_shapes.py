"""Maintenance plans and the calendar as JSON."""

from datetime import date, datetime, time
from typing import Annotated

from pydantic import Field, StringConstraints

from db.plans import PlanDraft
from domain.assignments import AssignmentStatus, TaskType
from domain.plans import (
    LATEST_MONTH_DAY,
    LONGEST_EVERY_DAYS,
    MOST_AHEAD_DAYS,
    WEEKS_OF_MONTH,
    PlanAsks,
    Rule,
    RuleKind,
    usual_ahead_days,
)
from domain.priorities import Priority
from webhooks.inputs import Identity, Input, LongText, Output

PEOPLE_MOST = 50
Weekday = Annotated[int, Field(ge=1, le=7, description="ISO: Monday is 1")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class PlanIn(Input):
    """Work that returns; each kind of rule reads its own part of what stands below it."""

    rvm_machine_id: Identity = Field(examples=[1])
    task_type: TaskType = Field(examples=["maintenance"])
    rule: RuleKind = Field(examples=["every_days"])
    starts_on: date = Field(ge=date(2020, 1, 1), le=date(2200, 1, 1), examples=["2026-12-01"])
    every_days: int = Field(default=1, ge=1, le=LONGEST_EVERY_DAYS)
    weekdays: list[Weekday] = Field(default=[], max_length=7)
    month_day: int = Field(default=1, ge=-1, le=LATEST_MONTH_DAY, description="-1: the last day")
    nth: int = Field(default=1, ge=-1, le=WEEKS_OF_MONTH, description="-1: the last such weekday")
    time_of_day: Clock = Field(examples=["09:00"], description="On the clocks at the machine")
    ahead_days: int | None = Field(
        default=None,
        ge=0,
        le=MOST_AHEAD_DAYS,
        description="Days before on which the task is offered; empty: the day before, unless nearly daily",
    )
    priority: Priority = Priority.MEDIUM
    asks: PlanAsks = PlanAsks.NOBODY
    people: list[Identity] = Field(default=[], max_length=PEOPLE_MOST)
    description: LongText = ""
    expected_minutes: int | None = Field(default=None, ge=1, le=10_000)

    def draft(self) -> PlanDraft:
        """Return what is written; whether it makes sense is checked there."""
        rule = Rule(
            self.rule, self.starts_on, self.every_days, tuple(self.weekdays), self.month_day, self.nth
        )
        return PlanDraft(
            machine_id=self.rvm_machine_id,
            task_type=self.task_type,
            rule=rule,
            at=time.fromisoformat(self.time_of_day),
            priority=self.priority,
            ahead_days=usual_ahead_days(rule) if self.ahead_days is None else self.ahead_days,
            asks=self.asks,
            people=self.people,
            description=self.description,
            expected_minutes=self.expected_minutes,
        )


class PlanChange(PlanIn):
    """The whole plan anew; ``active`` pauses it or lets it run again."""

    active: bool = True


class PlanOut(Output):
    """A plan with its next run."""

    id: int
    organization_id: int
    rvm_machine_id: int
    machine_name: str
    machine_time_zone: str
    task_type: TaskType
    priority: Priority
    rule: RuleKind
    starts_on: date
    every_days: int
    weekdays: list[int]
    month_day: int
    nth: int
    time_of_day: str
    ahead_days: int
    asks: PlanAsks
    people: list[int]
    description: str
    expected_minutes: int | None
    active: bool
    created_by: int
    created_by_name: str
    next_due: datetime | None
    last_assignment_id: int | None
    last_status: AssignmentStatus | None
    last_run_at: datetime | None
    created_at: datetime


class CalendarEntryOut(Output):
    """A task (``assignment_id``), or what a plan will make (``plan_id``)."""

    at: datetime
    organization_id: int
    machine_id: int
    machine_name: str
    task_type: TaskType
    priority: Priority
    assignment_id: int | None
    status: AssignmentStatus | None
    assigned_to: int | None
    assigned_to_name: str | None
    plan_id: int | None
