"""``/qr`` and the button on a machine's card: labels to print."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import QR
from bot.context import SiagaContext
from bot.dialogs import print_labels
from bot.dialogs.pickers import known_organization
from bot.labels import send_label
from bot.machine_moves import machine
from bot.registration import on_command, on_tap
from domain.chat import Thing
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the button."""
    application.add_handlers([on_command(QR.names, begin), on_tap(Thing.MACHINE, "qr", send)])


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask which machine, or all of them."""
    known = await known_organization(context, Permission.REGISTER_MACHINE)
    await context.open_dialog(print_labels.NAME, **known)


async def send(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the label of the card's machine."""
    await send_label(context, await machine(context, context.tap.id, Permission.REGISTER_MACHINE))
