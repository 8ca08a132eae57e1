"""``/find``: a task, a machine or a person by a number or a word."""

from typing import Any

from telegram import Message, MessageEntity, Update
from telegram.ext import Application

from bot.commands import FIND, holds
from bot.context import SiagaContext
from bot.dialogs import find
from bot.found import ABOUT, TEMPLATE, found_page
from bot.registration import on_command, on_tap
from domain.errors import NotAllowed, OldCard
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the pages' buttons."""
    application.add_handlers([on_command(FIND.names, begin), on_tap(ABOUT, "page", turn_page)])


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Find what stands behind the command; ask for it when nothing does."""
    if not holds(context.me, Permission.FIND):
        raise NotAllowed
    asked = " ".join(context.args or ())[: find.ASKED_LENGTH].strip()
    if not asked:
        await context.open_dialog(find.NAME)
        return
    words, keyboard = await found_page(context, asked, 0)
    await context.reply(TEMPLATE, keyboard=keyboard, **words)


async def turn_page(update: Update, context: SiagaContext) -> None:
    """Show another page in the same message."""
    words, keyboard = await found_page(context, _asked(update), context.tap.id)
    await context.edit(TEMPLATE, keyboard=keyboard, **words)


def _asked(update: Update) -> str:
    """Return what was asked for: a button has no room for it, so it is read back from the message itself."""
    shown = update.callback_query.message if update.callback_query else None
    if isinstance(shown, Message):
        for text in shown.parse_entities([MessageEntity.CODE]).values():
            return text
    raise OldCard
