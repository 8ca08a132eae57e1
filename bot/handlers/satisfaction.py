"""The answer to the monthly question."""

from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.dialogs import satisfaction
from bot.digests import ABOUT_SATISFACTION, STARS
from bot.registration import on_tap
from db.satisfaction import answer
from domain.errors import NotFound


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the buttons."""
    application.add_handler(on_tap(ABOUT_SATISFACTION, "rate", rate))


async def rate(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Keep the stars, and ask for a sentence that may be skipped."""
    number, stars = context.tap.id, int(context.tap.args[0])
    if stars not in STARS:
        raise NotFound(noun="question")
    async with context.transaction() as session:
        await answer(session, number, context.me.user_id, stars, datetime.now(UTC))
    await context.edit("replies/satisfaction", stars=stars)
    await context.open_dialog(satisfaction.NAME, answer=number)
