"""How handlers are tied to what people do; used by ``bot/handlers``."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.context import SiagaContext

Handler = Callable[[Update, SiagaContext], Coroutine[Any, Any, None]]


def on_command(names: Sequence[str], handler: Handler) -> CommandHandler[SiagaContext, None]:
    """Tie a handler to a command and its aliases; arguments are ``context.args``."""
    return CommandHandler(list(names), handler, filters=filters.UpdateType.MESSAGE)


def on_tap(thing: str, action: str, handler: Handler) -> CallbackQueryHandler[SiagaContext, None]:
    """Tie a handler to a button; what it carries is ``context.tap``."""
    start = f"{thing}:{action}:"

    def fits(data: object) -> bool:
        return isinstance(data, str) and data.startswith(start)

    return CallbackQueryHandler(handler, pattern=fits)


def on_photo(handler: Handler) -> MessageHandler[SiagaContext, None]:
    """Tie a handler to photos, also those sent as files; ``context.album`` holds them all."""
    pictures = filters.PHOTO | filters.Document.ALL
    return MessageHandler(filters.UpdateType.MESSAGE & pictures, handler)


def on_text(handler: Handler) -> MessageHandler[SiagaContext, None]:
    """Tie a handler to typed text that is no command."""
    return MessageHandler(filters.UpdateType.MESSAGE & filters.TEXT & ~filters.COMMAND, handler)


def on_place(handler: Handler) -> MessageHandler[SiagaContext, None]:
    """Tie a handler to positions and places that are shared; typed coordinates are text."""
    return MessageHandler(filters.UpdateType.MESSAGE & (filters.LOCATION | filters.VENUE), handler)


def on_moved_place(handler: Handler) -> MessageHandler[SiagaContext, None]:
    """Tie a handler to a live location that moved."""
    return MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.LOCATION, handler)


def on_edit(handler: Handler) -> MessageHandler[SiagaContext, None]:
    """Tie a handler to words and captions that were changed."""
    return MessageHandler(filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION), handler)


def on_message(handler: Handler) -> MessageHandler[SiagaContext, Any]:
    """Tie a handler to any message that nothing before it took."""
    return MessageHandler(filters.UpdateType.MESSAGE, handler)


def is_private(update: Update) -> bool:
    """Return whether the update comes from a private chat."""
    return update.effective_chat is not None and update.effective_chat.type == "private"
