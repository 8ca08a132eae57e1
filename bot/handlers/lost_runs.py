"""An admin's answer to a run that was ended while its work is open: start it again, or cancel the work."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.machine_moves import move_onboarding
from bot.registration import on_tap
from bot.rights import require
from bot.task_moves import move
from db.queries.machines import lost_run
from db.queries.runs import assignment_state, machine_state, onboarding_state
from domain.assignments import AssignmentMove
from domain.chat import Thing
from domain.errors import NotFound
from domain.onboarding import OnboardingMove
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the card's buttons."""
    application.add_handlers(
        [on_tap(Thing.LOST_RUN, "repair", repair), on_tap(Thing.LOST_RUN, "cancel", cancel)]
    )


async def repair(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Start the run again from its row; the look for lost runs then closes the card."""
    await _begin_again(context)
    await context.answer("toasts/run_repaired")


async def cancel(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Start the run again and cancel it in the same breath: that tells everybody who must know."""
    thing, number = await _begin_again(context)
    source = f"{context.source}-cancel"
    if thing == Thing.ASSIGNMENT:
        await move(context, source, number, AssignmentMove.CANCEL)
    else:
        await move_onboarding(context, source, number, OnboardingMove.CANCEL)
    await context.answer("toasts/run_cancelled")


async def _begin_again(context: SiagaContext) -> tuple[Thing, int]:
    """Start the workflow that is missing and return what it is about."""
    async with context.transaction() as session:
        lost = await lost_run(session, context.tap.id)
        if lost is None:
            raise NotFound(noun="lost_run")
        thing, number = Thing(lost.thing), lost.thing_id
        require(context, Permission.MANAGE_ASSIGNMENTS, lost.organization_id)
        task = await assignment_state(session, number) if thing == Thing.ASSIGNMENT else None
        machine = await machine_state(session, number) if thing == Thing.MACHINE else None
        onboarding = await onboarding_state(session, number) if thing == Thing.ONBOARDING else None
    if task is not None:
        await context.gateway.repair_assignment(task)
    elif machine is not None:
        await context.gateway.begin_machine(machine)
    elif onboarding is not None:
        await context.gateway.repair_onboarding(onboarding)
    else:
        raise NotFound(noun="lost_run")
    return thing, number
