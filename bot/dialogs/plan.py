"""The dialog that makes work return: where, what, on which days, whom it asks."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.context import SiagaContext
from bot.dialogs.fields import (
    Answers,
    ChoiceField,
    Condition,
    ConfirmField,
    DateTimeField,
    Dialog,
    NumberField,
    PickerField,
    TextField,
)
from bot.dialogs.moments import read_weekdays
from bot.dialogs.pickers import field_people, machines_of_organization, organization_field
from bot.rights import require
from db.plans import PlanDraft, create_plan, delete_plan
from db.queries.machines import machine_by_id
from db.queries.plans import plan_by_id
from domain.assignments import TaskType
from domain.chat import Thing
from domain.errors import InvalidInput, NotFound
from domain.plans import (
    LAST,
    LATEST_MONTH_DAY,
    LONGEST_EVERY_DAYS,
    PlanAsks,
    Rule,
    RuleKind,
    usual_ahead_days,
)
from domain.priorities import Priority
from domain.roles import Permission

NAME = "plan"
DESCRIPTION_LENGTH = 1000
MONTH_LAST = "month_last"
"""The last day of the month: a choice of its own, since it needs no further question."""
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORK = (TaskType.MAINTENANCE, TaskType.INSPECTION, TaskType.REPAIR)
"""An installation does not return."""


def _about(kind: str) -> Condition:
    return lambda answers: answers.get("rule") == kind


async def _weekdays_named(context: SiagaContext, value: str, answers: Answers) -> None:  # noqa: ARG001 - a check
    if not read_weekdays(value):
        raise InvalidInput(field="weekdays", problem="expected_weekdays")


def rule_of(answers: Answers, first: datetime) -> Rule:
    """Return the rule that the answers describe, from the day of ``first`` (the machine's clocks) on."""
    kind, day = answers["rule"], first.date()
    match kind:
        case RuleKind.EVERY_DAYS:
            return Rule(RuleKind.EVERY_DAYS, day, every=int(answers["every"]))
        case RuleKind.WEEKDAYS:
            return Rule(RuleKind.WEEKDAYS, day, weekdays=tuple(read_weekdays(answers["weekdays"])))
        case RuleKind.MONTH_WEEKDAY:
            weekday = _WEEKDAYS.index(answers["weekday"]) + 1
            return Rule(kind, day, weekdays=(weekday,), nth=_NTH[answers["nth"]])
        case _:
            return Rule(
                RuleKind.MONTH_DAY, day, day=LAST if kind == MONTH_LAST else int(answers["month_day"])
            )


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Write the plan, let its Schedule follow, and show its card."""
    me = require(context, Permission.MANAGE_ASSIGNMENTS, answers["organization"].id)
    async with context.transaction() as session:
        machine = await machine_by_id(session, answers["machine"].id)
        if machine is None or machine.organization_id != answers["organization"].id:
            raise NotFound(noun="machine")
        first = answers["at"].astimezone(ZoneInfo(machine.time_zone))
        rule = rule_of(answers, first)
        draft = PlanDraft(
            machine_id=machine.machine_id,
            task_type=TaskType(answers["task_type"]),
            rule=rule,
            at=first.time().replace(second=0, microsecond=0),
            priority=Priority(answers["priority"]),
            ahead_days=usual_ahead_days(rule),
            asks=PlanAsks(answers["asks"]),
            people=[answers["person"].id] if answers.get("person") else [],
            description=answers.get("description") or "",
        )
        number = await create_plan(session, draft, created_by=me.user_id, source=source)
        made = await plan_by_id(session, number)
    await context.gateway.plans.follow(number, made.plan if made and made.active else None)
    await context.show_card(Thing.PLAN, number)


PLAN = Dialog(
    NAME,
    fields=(
        organization_field(Permission.MANAGE_ASSIGNMENTS),
        PickerField(name="machine", options=machines_of_organization),
        ChoiceField(name="task_type", choices=_WORK, labels="task_type"),
        ChoiceField(name="rule", choices=(*RuleKind, MONTH_LAST), labels="plan_rule"),
        NumberField(name="every", minimum=1, maximum=LONGEST_EVERY_DAYS, when=_about(RuleKind.EVERY_DAYS)),
        TextField(name="weekdays", max_length=100, when=_about(RuleKind.WEEKDAYS), check=_weekdays_named),
        NumberField(name="month_day", minimum=1, maximum=LATEST_MONTH_DAY, when=_about(RuleKind.MONTH_DAY)),
        ChoiceField(name="nth", choices=tuple(_NTH), labels="plan_nth", when=_about(RuleKind.MONTH_WEEKDAY)),
        ChoiceField(name="weekday", choices=_WEEKDAYS, labels="weekday", when=_about(RuleKind.MONTH_WEEKDAY)),
        DateTimeField(name="at"),
        ChoiceField(
            name="asks",
            choices=(PlanAsks.PERSON, PlanAsks.ACCESS, PlanAsks.NOBODY),
            labels="plan_asks",
            width=1,
        ),
        PickerField(
            name="person", options=field_people, when=lambda answers: answers.get("asks") == PlanAsks.PERSON
        ),
        ChoiceField(name="priority", choices=tuple(reversed(Priority)), labels="priority"),
        TextField(name="description", max_length=DESCRIPTION_LENGTH, optional=True),
        ConfirmField(name="confirm", label="plan_save"),
    ),
    finish=finish,
)


async def _delete(context: SiagaContext, answers: Answers, source: str) -> None:
    """Delete the plan and its Schedule; its tasks stay."""
    number = int(answers["plan"])
    async with context.transaction() as session:
        found = await plan_by_id(session, number)
        if found is not None:
            me = require(context, Permission.MANAGE_ASSIGNMENTS, found.organization_id)
            await delete_plan(session, number, actor_id=me.user_id, source=source)
    await context.gateway.plans.follow(number, None)
    await context.reply("replies/plan_deleted", machine_name=answers["machine_name"])


DELETE_PLAN = Dialog(
    "delete_plan",
    fields=(
        NumberField(name="plan"),
        TextField(name="machine_name"),
        ConfirmField(name="confirm", label="delete_plan_yes"),
    ),
    finish=_delete,
)
"""Opened with plan and machine name as known answers."""
