"""``/plan`` and the taps on a plan's card."""

from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import PLAN
from bot.context import SiagaContext
from bot.dialogs import plan as dialog
from bot.dialogs.pickers import known_organization, organizations_with
from bot.keyboards import button
from bot.registration import on_command, on_tap
from bot.rights import require
from db.plans import switch_plan
from db.queries.plans import PlanDetail, list_plans, plan_by_id
from domain.chat import Thing
from domain.errors import NotFound
from domain.plans import RunOutcome
from domain.roles import Permission

LISTED = 20


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command, the list's buttons and the card's."""
    card = Thing.PLAN
    application.add_handlers(
        [
            on_command(PLAN.names, show_plans),
            on_tap("plans", "new", begin),
            on_tap("plans", "open", open_plan),
            on_tap(card, "pause", switch),
            on_tap(card, "resume", switch),
            on_tap(card, "run", run_now),
            on_tap(card, "delete", delete),
        ]
    )


async def show_plans(update: Update, context: SiagaContext) -> None:
    """List the plans; the first one is asked for at once."""
    options = await organizations_with(context, Permission.MANAGE_ASSIGNMENTS)
    async with context.transaction() as session:
        plans = await list_plans(session, organizations=[one.id for one in options], limit=LISTED)
    if not plans:
        await begin(update, context)
        return
    rows = [[button("open_plan", "plans", "open", one.plan_id, words={"plan": one})] for one in plans]
    rows.append([button("new_plan", "plans", "new", style="primary")])
    await context.reply("replies/plans", keyboard=rows, plans=plans)


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask what is to return."""
    await context.open_dialog(dialog.NAME, **await known_organization(context, Permission.MANAGE_ASSIGNMENTS))


async def open_plan(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the card of a listed plan."""
    await _plan(context)
    await context.show_card(Thing.PLAN, context.tap.id)


async def switch(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Pause the plan, or let it run again; its Schedule follows."""
    found, active = await _plan(context), context.tap.action == "resume"
    me = context.me.user_id
    async with context.transaction() as session:
        await switch_plan(session, found.plan_id, active=active, actor_id=me, source=context.source)
        now = await plan_by_id(session, found.plan_id)
    await context.gateway.plans.follow(found.plan_id, now.plan if now and now.active else None)
    await context.answer("toasts/plan_resumed" if active else "toasts/plan_paused")


async def run_now(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Make the next task now; while the last one is open there is none, and that is said."""
    found = await _plan(context)
    view = context.settled(await context.gateway.plans.run(context.source, found.plan, datetime.now(UTC)))
    template = "toasts/plan_ran" if view.outcome == RunOutcome.CREATED else "toasts/plan_not_run"
    await context.answer(
        template, alert=view.outcome != RunOutcome.CREATED, number=view.assignment_id, outcome=view.outcome
    )


async def delete(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask before the plan is deleted."""
    found = await _plan(context)
    await context.open_dialog(dialog.DELETE_PLAN.name, plan=found.plan_id, machine_name=found.machine_name)


async def _plan(context: SiagaContext) -> PlanDetail:
    async with context.transaction() as session:
        found = await plan_by_id(session, context.tap.id)
    if found is None:
        raise NotFound(noun="plan")
    require(context, Permission.MANAGE_ASSIGNMENTS, found.organization_id)
    return found
