"""``/quiet``: when messages wait."""

import re
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import QUIET
from bot.context import SiagaContext
from bot.keyboards import Button, button, named
from bot.registration import on_command, on_tap
from bot.shifts_text import hours, quiet_hours
from db.duty import set_quiet
from db.queries.quiet import Quiet, quiet_of
from domain.local_time import MINUTES_A_DAY
from domain.quiet import QuietHours

ABOUT = "quiet"
NONE = QuietHours(0, 0)
PATTERNS = (QuietHours(21 * 60, 6 * 60), QuietHours(22 * 60, 5 * 60), QuietHours(20 * 60, 7 * 60))
_OFF = ("off", "mati", "tanpa", "none")
_DEFAULT = ("default", "bawaan", "organisasi", "organization")
_TYPED = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*[-\u2013\u2014]\s*(\d{1,2})(?:[.:](\d{2}))?")


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the buttons."""
    application.add_handlers(
        [
            on_command(QUIET.names, say),
            on_tap(ABOUT, "set", choose),
            on_tap(ABOUT, "default", choose),
        ]
    )


async def say(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Set what was typed behind the command ("22-5", "off", "default"); say what holds."""
    typed = " ".join(context.args or ()).casefold()
    wanted = read_quiet(typed)
    if typed and (wanted is not None or typed in _DEFAULT):
        await _set(context, wanted)
    await _show(context, unread=bool(typed) and wanted is None and typed not in _DEFAULT)


async def choose(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Set what the button says."""
    args = [int(arg) for arg in context.tap.args]
    await _set(context, QuietHours(args[0], args[1]) if context.tap.action == "set" else None)
    await _show(context, unread=False)


def read_quiet(text: str) -> QuietHours | None:
    """Return typed quiet hours; None for what is none."""
    if text in _OFF:
        return NONE
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    starts, ends = int(found[1]) * 60 + int(found[2] or 0), int(found[3]) * 60 + int(found[4] or 0)
    if max(starts, ends) > MINUTES_A_DAY or starts == ends:
        return None
    return QuietHours(starts % MINUTES_A_DAY, ends % MINUTES_A_DAY)


async def _set(context: SiagaContext, wanted: QuietHours | None) -> None:
    async with context.transaction() as session:
        await set_quiet(session, context.me.user_id, wanted)


async def _show(context: SiagaContext, *, unread: bool) -> None:
    async with context.transaction() as session:
        quiet = await quiet_of(session, context.me.user_id)
    words = {"hours": quiet_hours(quiet.hours, context.language), "own": quiet.own, "unread": unread}
    await context.edit("replies/quiet", keyboard=_keyboard(quiet, context.language), **words)


def _keyboard(quiet: Quiet, language: str) -> list[list[Button]]:
    patterns = [
        named(
            hours(one.starts_minute, one.ends_minute, language),
            ABOUT,
            "set",
            0,
            one.starts_minute,
            one.ends_minute,
        )
        for one in PATTERNS
    ]
    last = [button("quiet_none", ABOUT, "set", 0, 0, 0)]
    if quiet.own:
        last.append(button("quiet_default", ABOUT, "default"))
    return [patterns, last]
