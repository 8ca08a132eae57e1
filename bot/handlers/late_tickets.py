"""Answers to calls about late tickets: one of them, or all that are on the card at once."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.cards.late_tickets import late_page, may_answer
from bot.context import SiagaContext
from bot.registration import on_tap
from db.queries.escalations import EscalationDetail, escalation_by_id
from db.queries.late_tickets import late_tickets
from domain.chat import Thing
from domain.errors import NotFound, Refusal
from domain.escalations import EscalationCommand, EscalationMove
from domain.roles import Permission
from workflows.client import Noted

AT_ONCE = 10
"""Ladders that are asked at the same time."""
_CARD = Thing.LATE_TICKETS


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the card's buttons."""
    application.add_handlers(
        [
            on_tap(_CARD, "page", turn_page),
            on_tap(_CARD, "all", see_all),
            *(on_tap(_CARD, verb, answer) for verb in EscalationMove),
        ]
    )


async def turn_page(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show another page in the card; its next change begins at the first again."""
    async with context.transaction() as session:
        view = await late_page(session, context.me, int(context.tap.args[0]))
    await context.edit(view.template, keyboard=view.keyboard, thing=view.row, **view.context)


async def answer(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask the ladder; it judges, and everybody's card shows who has it."""
    ladder_id, *minutes = (int(arg) for arg in context.tap.args)
    verb = EscalationMove(context.tap.action)
    async with context.transaction() as session:
        ladder = await escalation_by_id(session, ladder_id)
    if ladder is None or ladder.owner != Thing.TICKET:
        raise NotFound(noun="escalation")
    command = _command(context, ladder.organization_id, verb, sum(minutes))
    context.settled(await context.gateway.move_escalation(context.source, ladder.owner_workflow_id, command))
    await context.answer(f"toasts/{verb}")


async def see_all(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Have seen all that nobody has answered yet; what somebody else answers meanwhile is theirs."""
    me = context.me
    async with context.transaction() as session:
        found = await late_tickets(session, me.user_id, datetime.now(UTC))
        calls = [
            await escalation_by_id(session, one.ladder_id)
            for one in found
            if one.ladder_id and EscalationMove.ACKNOWLEDGE in one.answers and may_answer(one, me)
        ]
    ladders = [one for one in calls if one is not None]
    for start in range(0, len(ladders), AT_ONCE):
        results = await asyncio.gather(*(_see(context, one) for one in ladders[start : start + AT_ONCE]))
        for result in results:
            context.settled(result)
    await context.answer("toasts/late_seen_all", number=len(ladders))


async def _see(context: SiagaContext, ladder: EscalationDetail) -> object | Noted:
    command = _command(context, ladder.organization_id, EscalationMove.ACKNOWLEDGE, 0)
    source = f"{context.source}-{ladder.escalation_id}"
    try:
        return await context.gateway.move_escalation(source, ladder.owner_workflow_id, command)
    except Refusal:
        return None  # it ended, or another has it: its card says so


def _command(
    context: SiagaContext, organization_id: int, verb: EscalationMove, minutes: int
) -> EscalationCommand:
    me = context.me
    return EscalationCommand(
        move=verb,
        actor_id=me.user_id,
        actor_name=me.name,
        actor_may_manage=me.may(Permission.MANAGE_HELPDESK, organization_id),
        minutes=minutes,
    )
