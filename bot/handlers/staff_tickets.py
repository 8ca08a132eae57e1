"""Buttons of a ticket's card in the staff's group."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.registration import on_tap
from bot.staff_moves import move, ticket_here
from domain.chat import Thing
from domain.tickets import TicketMove


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the buttons."""
    application.add_handlers([on_tap(Thing.TICKET, "staff_take", take)])


async def take(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Have it; whoever is second is told who was first."""
    ticket = await ticket_here(context, context.tap.id)
    await move(context, context.source, ticket, TicketMove.TAKE)
    await context.answer("toasts/ticket_taken", number=ticket.number)
