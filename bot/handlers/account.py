"""What everybody who is linked has: who am I, which language, stop asking me."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import CANCEL, LANGUAGE, ME
from bot.context import SiagaContext
from bot.keyboards import button
from bot.menus import show_menu_of
from bot.registration import on_command, on_tap
from bot.render import LANGUAGES
from bot.shifts_text import quiet_hours, week
from db import people
from db.queries.assignments import open_assignments_of
from db.queries.quiet import quiet_of
from db.queries.team import duty_now
from domain.errors import NotFound


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the commands and the language buttons."""
    application.add_handlers(
        [
            on_command(ME.names, show_me),
            on_command(LANGUAGE.names, ask_language),
            on_command(CANCEL.names, cancel),
            *(on_tap("language", language, set_language) for language in LANGUAGES),
        ]
    )


async def show_me(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Say who the person is here: role, organization, zone, language, and what they hold."""
    if context.person is None:
        await context.reply("replies/start_stranger")
        return
    me = context.me
    async with context.transaction() as session:
        tasks = await open_assignments_of(session, me.user_id)
        duties = await duty_now(session, me, datetime.now(UTC))
        quiet = await quiet_of(session, me.user_id)
    lines = [(one, week(one.duty.shifts, context.language)) for one in duties]
    hours = quiet_hours(quiet.hours, context.language)
    await context.reply("replies/me", me=me, tasks=tasks, duties=lines, quiet=hours)


async def ask_language(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Offer the languages."""
    rows = [[button(f"language_{language}", "language", language) for language in LANGUAGES]]
    await context.reply("replies/language", keyboard=rows if context.person else None)


async def set_language(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Speak the chosen language from now on, menu included."""
    chosen = context.tap.action
    if chosen not in LANGUAGES:
        raise NotFound(noun="language")
    me = context.me
    async with context.transaction() as session:
        await people.set_language(session, me.user_id, chosen)
    context.handling.audience = dataclasses.replace(context.handling.audience, language=chosen)
    await context.edit("replies/language_set")
    await show_menu_of(context, me.user_id)


async def cancel(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """End the dialog that is open, if any."""
    closed = await context.close_dialog()
    await context.reply("replies/dialog_cancelled" if closed else "replies/nothing_to_cancel")
