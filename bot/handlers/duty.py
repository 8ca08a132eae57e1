"""``/duty``: on or off duty, and what becomes of the tasks of who goes off."""

from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bot.commands import DUTY
from bot.context import SiagaContext
from bot.going_off import begin_postponing, give_all_back, in_hand
from bot.handlers.tasks import open_button
from bot.keyboards import Button, button
from bot.registration import on_command, on_tap
from bot.shifts_text import week
from db.duty import switch_duty
from db.queries.team import DutyNow, duty_now
from domain.errors import NotAllowed

ABOUT = "duty"
TASKS_SHOWN = 8
_ON = ("on", "ya", "mulai", "aktif", "bertugas")
_OFF = ("off", "tidak", "lepas", "libur", "selesai", "pulang")
_PHRASES = {
    "bertugas": True,
    "mulai bertugas": True,
    "saya bertugas": True,
    "on duty": True,
    "lepas tugas": False,
    "saya lepas tugas": False,
    "tidak bertugas": False,
    "off duty": False,
}


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command, the words and the buttons."""
    said = "|".join(phrase.replace(" ", r"\s+") for phrase in _PHRASES)
    words = filters.UpdateType.MESSAGE & filters.Regex(rf"(?i)^\s*({said})\s*[.!]?\s*$")
    application.add_handlers(
        [
            on_command(DUTY.names, say),
            MessageHandler(words, hear),
            on_tap(ABOUT, "on", tap),
            on_tap(ABOUT, "off", tap),
            on_tap(ABOUT, "keep", keep),
            on_tap(ABOUT, "postpone", postpone),
            on_tap(ABOUT, "give_back", give_back),
        ]
    )


async def say(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Switch as the word behind the command says; without one, or with another, say how it stands."""
    word = context.args[0].casefold() if context.args else ""
    if word in _ON or word in _OFF:
        await _switch(context, on=word in _ON)
    else:
        await _show(context, edit=False)


async def hear(update: Update, context: SiagaContext) -> None:
    """Switch as somebody typed it."""
    text = update.message.text if update.message else None
    await _switch(context, on=_PHRASES[" ".join((text or "").casefold().strip(" .!\n").split())])


async def tap(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Switch, and show in the same message how it stands."""
    await _switch(context, on=context.tap.action == "on", edit=True)


async def keep(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Leave the tasks where they are."""
    await context.edit("replies/duty_kept")


async def postpone(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for a new time for one task after the other."""
    if not await begin_postponing(context):
        await context.edit("replies/duty_left", left=await in_hand(context))


async def give_back(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Hand back everything that is held and decline what is offered."""
    await give_all_back(context)
    await context.edit("replies/duty_left", left=await in_hand(context))


async def _switch(context: SiagaContext, *, on: bool, edit: bool = False) -> None:
    now, me = datetime.now(UTC), context.me
    async with context.transaction() as session:
        for one in await _duties(context):
            await switch_duty(session, me.user_id, one.organization_id, on=on, now=now)
    await _show(context, edit=edit)


async def _duties(context: SiagaContext) -> list[DutyNow]:
    async with context.transaction() as session:
        found = await duty_now(session, context.me, datetime.now(UTC))
    if not found:
        raise NotAllowed
    return found


async def _show(context: SiagaContext, *, edit: bool) -> None:
    """Say how it stands; who is off duty with tasks in hand is asked about them."""
    duties = await _duties(context)
    on = any(one.on for one in duties)
    tasks = [] if on else await in_hand(context)
    keyboard: list[list[Button]] = [[open_button(task)] for task in tasks[:TASKS_SHOWN]]
    if tasks:
        keyboard += [
            [button("duty_keep", ABOUT, "keep"), button("duty_postpone", ABOUT, "postpone")],
            [button("duty_give_back", ABOUT, "give_back", style="danger")],
        ]
    keyboard.append([button("duty_off", ABOUT, "off") if on else button("duty_on", ABOUT, "on")])
    lines = [(one, week(one.duty.shifts, context.language)) for one in duties]
    if edit:
        await context.edit("replies/duty", keyboard=keyboard, duties=lines, tasks=tasks)
    else:
        await context.reply("replies/duty", keyboard=keyboard, duties=lines, tasks=tasks)
