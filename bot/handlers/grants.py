"""``/grant`` and ``/revoke``: access to machines by hand."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import GRANT, REVOKE
from bot.context import SiagaContext
from bot.dialogs import grants
from bot.dialogs.pickers import known_organization
from bot.registration import on_command
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the commands."""
    application.add_handlers(
        [on_command(GRANT.names, begin_granting), on_command(REVOKE.names, begin_revoking)]
    )


async def begin_granting(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask who may enter which machine, and until when."""
    await context.open_dialog(grants.GRANT, **await known_organization(context, Permission.GRANT_ACCESS))


async def begin_revoking(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask whose access is taken back."""
    await context.open_dialog(grants.REVOKE, **await known_organization(context, Permission.GRANT_ACCESS))
