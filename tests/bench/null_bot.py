"""A bare bot of python-telegram-bot that answers every tap and word: what simulator and PTB alone cost."""

import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from siaga.simulator.settings import Settings

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Tap", callback_data="tap")]])


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Send a button."""
    if update.message is not None:
        await update.message.reply_text("Tap it", reply_markup=KEYBOARD)


async def tapped(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer the tap."""
    if update.callback_query is not None:
        await update.callback_query.answer("Tapped")


async def said(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer words."""
    if update.message is not None:
        await update.message.reply_text("Said")


def main(simulator: str) -> None:
    """Poll until stopped."""
    builder = Application.builder().token(Settings().token)
    builder = builder.base_url(f"{simulator}/bot").base_file_url(f"{simulator}/file/bot")
    application = builder.concurrent_updates(16).build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tapped))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, said))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1])
