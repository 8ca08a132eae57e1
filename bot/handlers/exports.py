"""``/export``: tasks, machines and uptime as a file."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import EXPORT
from bot.context import SiagaContext
from bot.dialogs import export
from bot.dialogs.pickers import known_organization
from bot.registration import on_command
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command."""
    application.add_handlers([on_command(EXPORT.names, begin)])


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask what is wanted."""
    await context.open_dialog(export.NAME, **await known_organization(context, Permission.SEE_FIGURES))
