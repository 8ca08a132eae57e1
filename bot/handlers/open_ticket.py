"""``/ticket``: the staff opens one, for a customer who called or for themselves."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import TICKET
from bot.context import SiagaContext
from bot.dialogs import open_ticket
from bot.dialogs.pickers import known_organization
from bot.registration import on_command
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command."""
    application.add_handler(on_command(TICKET.names, begin))


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for which pharmacy; in the group or in private."""
    known = await known_organization(context, Permission.WORK_ON_TICKETS)
    await context.open_dialog(open_ticket.NAME, **known)
