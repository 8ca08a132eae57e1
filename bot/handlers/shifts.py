"""``/shifts``: a week of working hours, one's own or as an admin anybody's."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import SHIFTS
from bot.context import SiagaContext
from bot.dialogs import shifts as typed
from bot.keyboards import named
from bot.registration import on_command, on_tap
from bot.shifts_text import read_week
from bot.weeks import ABOUT, Week, show_week, week_of, with_day, with_hours, write_week
from domain.errors import NotAllowed
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the buttons."""
    application.add_handlers(
        [
            on_command(SHIFTS.names, begin),
            on_tap(ABOUT, "open", open_week),
            on_tap(ABOUT, "day", set_day),
            on_tap(ABOUT, "hours", set_hours),
            on_tap(ABOUT, "always", always),
            on_tap(ABOUT, "type", ask),
        ]
    )


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show one's own week, or take the one that was typed behind the command."""
    me = context.me
    mine = me.organizations_with(Permission.BE_ON_DUTY)
    if not mine:
        raise NotAllowed
    if len(mine) > 1:
        names = {held.organization_id: held.organization_name for held in me.memberships}
        choices = [[named(names[number], ABOUT, "open", me.user_id, number)] for number in mine]
        await context.reply("replies/shifts_where", keyboard=choices)
        return
    held = await week_of(context, me.user_id, mine[0])
    wanted = read_week(" ".join(context.args or ()))
    if wanted is None:
        await show_week(context, held)
    else:
        await write_week(context, held, wanted)


async def open_week(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show a week."""
    await show_week(context, await _tapped(context))


async def set_day(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Let a day be worked, or free; the button says which, so a repeat changes nothing."""
    held = await _tapped(context)
    day, works = (int(arg) for arg in context.tap.args[1:3])
    await write_week(context, held, with_day(held.shifts, day, works=bool(works)))


async def set_hours(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Give all worked days the same hours."""
    held = await _tapped(context)
    await write_week(context, held, with_hours(held.shifts, int(context.tap.args[1])))


async def always(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Have no fixed hours: always on duty unless switched off."""
    await write_week(context, await _tapped(context), ())


async def ask(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for a typed week."""
    held = await _tapped(context)
    known = {"user": held.user_id, "organization": held.organization_id, "person_name": held.name}
    await context.open_dialog(typed.NAME, **known)


async def _tapped(context: SiagaContext) -> Week:
    return await week_of(context, context.tap.id, int(context.tap.args[0]))
