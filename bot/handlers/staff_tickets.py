"""Buttons of a ticket's card in the staff's group."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.dialogs.staff_moves import DIALOGS, about
from bot.registration import on_tap
from bot.staff_moves import may_ask, move, staffs_moves, ticket_here
from domain.chat import Thing
from domain.errors import NotPossibleNow, NotYours
from domain.tickets import TicketMove


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the buttons."""
    application.add_handlers(
        [
            on_tap(Thing.TICKET, "staff_take", take),
            *(on_tap(Thing.TICKET, f"staff_{verb.value}", ask) for verb in DIALOGS),
        ]
    )


async def take(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Have it; whoever is second is told who was first."""
    ticket = await ticket_here(context, context.tap.id)
    await move(context, context.source, ticket, TicketMove.TAKE)
    await context.answer("toasts/ticket_taken", number=ticket.number)


async def ask(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask what a move needs; one that is not possible any more, or not this person's, is refused at once."""
    ticket = await ticket_here(context, context.tap.id)
    verb = TicketMove(context.tap.action.removeprefix("staff_"))
    if verb not in staffs_moves(ticket):
        raise NotPossibleNow(noun="ticket", status=ticket.status.value, move=verb.value)
    if not may_ask(context.me, ticket, verb):
        raise NotYours(holder=ticket.holder_name)
    await context.open_dialog(DIALOGS[verb], **about(ticket))
