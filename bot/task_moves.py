"""One verb on a task, from a tap, a dialog or a photo: the same command, the same checks."""

from typing import Any

from bot.commands import holds
from bot.context import SiagaContext
from bot.dialogs.fields import Picked
from db.queries.assignments import AssignmentDetail, assignment_by_id, organization_of
from domain.assignments import AssignmentCommand, AssignmentMove, AssignmentView, TaskType
from domain.edge import CheckResult
from domain.errors import NotFound
from domain.onboarding import OPEN_STEPS
from domain.roles import Permission


async def task(context: SiagaContext, number: int) -> AssignmentDetail:
    """Return a task that this person is asked for, holds or may manage; raises ``NotFound`` otherwise."""
    async with context.statements() as session:
        found = await assignment_by_id(session, number)
    me = context.me
    if found is None:
        raise NotFound(noun="assignment")
    if not found.concerns(me.user_id) and not me.may(Permission.MANAGE_ASSIGNMENTS, found.organization_id):
        raise NotFound(noun="assignment")
    return found


async def move(
    context: SiagaContext,
    source: str,
    number: int,
    verb: AssignmentMove,
    **details: Any,  # noqa: ANN401 - the fields of the command
) -> AssignmentView:
    """Ask the task's workflow for a move and return the new view; the workflow judges, rights included."""
    me = context.me
    command = AssignmentCommand(
        move=verb,
        actor_id=me.user_id,
        actor_name=me.name,
        actor_may_manage=await _manages(context, number),
        **{"said_at": context.dated} | details,
    )
    return context.settled(await context.gateway.move_assignment(source, number, command))


async def _manages(context: SiagaContext, number: int) -> bool:
    """Return whether this person may manage a task; most people manage none, and nothing is looked up."""
    if not holds(context.me, Permission.MANAGE_ASSIGNMENTS):
        return False
    async with context.statements() as session:
        organization = await organization_of(session, number)
    if organization is None:
        raise NotFound(noun="assignment")
    return context.me.may(Permission.MANAGE_ASSIGNMENTS, organization)


def about(found: AssignmentDetail) -> dict[str, Any]:
    """Return the known answers of a dialog about a task: its number, and what the questions mention."""
    return {
        "task": found.assignment_id,
        "task_type": found.task_type.value,
        "machine": Picked(found.machine_id, found.machine_name),
        "organization": Picked(found.organization_id, ""),
    }


def self_test_stands_in_the_way(found: AssignmentDetail) -> bool:
    """Return whether completing needs a reason: the machine being installed has not passed its self-test."""
    if found.task_type != TaskType.INSTALLATION or found.machine_onboarding_step not in OPEN_STEPS:
        return False
    report = found.machine_self_test
    return report is None or any(check["result"] == CheckResult.FAILED for check in report["checks"])
