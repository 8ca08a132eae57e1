"""``/pin`` and the buttons that give a PIN."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import PIN
from bot.context import SiagaContext
from bot.letting_in import ABOUT_PIN, choose_pin, send_pin, send_pin_of
from bot.registration import on_command, on_tap
from bot.task_moves import task
from domain.chat import Thing


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command, the card's button and the buttons of the choice."""
    application.add_handlers(
        [
            on_command(PIN.names, show_pin),
            on_tap(Thing.ASSIGNMENT, "pin", show_pin_of_task),
            on_tap(ABOUT_PIN, "machine", show_pin_of_machine),
        ]
    )


async def show_pin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send a PIN, or ask for which machine."""
    await choose_pin(context)


async def show_pin_of_task(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the PIN for the visit of the card's task."""
    await send_pin(context, await task(context, context.tap.id))


async def show_pin_of_machine(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the PIN of the chosen machine."""
    await send_pin_of(context, context.tap.id)
