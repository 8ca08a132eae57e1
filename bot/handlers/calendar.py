"""``/calendar``: tasks and planned work of the coming weeks, a week at a time, in the reader's zone."""

from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import Application

from bot.commands import CALENDAR
from bot.context import SiagaContext
from bot.dialogs.pickers import organizations_with
from bot.keyboards import Button, button
from bot.registration import on_command, on_tap
from db.queries.calendar import calendar
from domain.roles import Permission

WEEKS = 4
SHOWN_A_DAY = 6
_DAYS = 7


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the buttons that turn weeks."""
    application.add_handlers(
        [on_command(CALENDAR.names, show_calendar), on_tap("calendar", "week", turn_week)]
    )


async def show_calendar(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the week that begins today."""
    await context.reply("replies/calendar", keyboard=_turning(0), **await _week(context, 0))


async def turn_week(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show another week in the same message."""
    week = min(max(context.tap.id, 0), WEEKS - 1)
    await context.edit("replies/calendar", keyboard=_turning(week), **await _week(context, week))


async def _week(context: SiagaContext, week: int) -> dict[str, Any]:
    options = await organizations_with(context, Permission.MANAGE_ASSIGNMENTS)
    now, zone = datetime.now(UTC), ZoneInfo(context.me.time_zone)
    first = now.astimezone(zone).date() + timedelta(days=week * _DAYS)
    since = datetime.combine(first, time(), zone)
    until = datetime.combine(first + timedelta(days=_DAYS), time(), zone)
    async with context.transaction() as session:
        entries = await calendar(session, [one.id for one in options], since, until, now)
    by_day = {
        day: list(found)
        for day, found in groupby(entries, key=lambda entry: entry.at.astimezone(zone).date())
    }
    days = [first + timedelta(days=number) for number in range(_DAYS)]
    return {
        "days": [(day, by_day.get(day, [])) for day in days],
        "week": week + 1,
        "weeks": WEEKS,
        "shown": SHOWN_A_DAY,
    }


def _turning(week: int) -> list[list[Button]]:
    turning = []
    if week > 0:
        turning.append(button("previous_week", "calendar", "week", week - 1))
    if week + 1 < WEEKS:
        turning.append(button("next_week", "calendar", "week", week + 1))
    return [turning]
