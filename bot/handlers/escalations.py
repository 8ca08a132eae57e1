"""Answers to a call: seen, mine, or later."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.registration import on_tap
from db.queries.escalations import escalation_by_id
from domain.chat import Thing
from domain.errors import NotFound
from domain.escalations import EscalationCommand, EscalationMove
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the card's buttons."""
    application.add_handlers([on_tap(Thing.ESCALATION, verb, answer) for verb in EscalationMove])


async def answer(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask the ladder; it judges, and its cards show who has it."""
    verb, me = EscalationMove(context.tap.action), context.me
    async with context.transaction() as session:
        ladder = await escalation_by_id(session, context.tap.id)
    if ladder is None:
        raise NotFound(noun="escalation")
    command = EscalationCommand(
        move=verb,
        actor_id=me.user_id,
        actor_name=me.name,
        actor_may_manage=me.may(Permission.MANAGE_ASSIGNMENTS, ladder.organization_id),
        minutes=int(context.tap.args[0]) if context.tap.args else 0,
    )
    context.settled(await context.gateway.move_escalation(context.source, ladder.owner_workflow_id, command))
    await context.answer(f"toasts/{verb}")
