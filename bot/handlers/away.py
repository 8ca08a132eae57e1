"""``/away``: who of the helpdesk is not there, until when, and who has their tickets meanwhile."""

from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.being_away import ABOUT, desks, duties, give, show, switch
from bot.commands import AWAY
from bot.context import SiagaContext
from bot.dialogs import away
from bot.dialogs.moments import read_moment
from bot.registration import on_command, on_tap

_BACK = ("off", "kembali", "selesai", "back")


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and its buttons."""
    application.add_handlers(
        [
            on_command(AWAY.names, say),
            on_tap(ABOUT, "back", come_back),
            on_tap(ABOUT, "colleague", ask_colleague),
            on_tap(ABOUT, "queue", give_back),
            on_tap(ABOUT, "keep", keep),
        ]
    )


async def say(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Be away until the typed moment, be back, say how it stands, or ask until when."""
    desks(context)
    typed = " ".join(context.args or ())
    if typed.casefold() in _BACK:
        await switch(context, on=True)
        await show(context)
        return
    until = read_moment(typed, datetime.now(UTC), context.handling.audience.zone)
    if until is not None and until > datetime.now(UTC):
        await switch(context, on=False, until=until)
        await show(context)
    elif not any(one.on for one in await duties(context)) and not typed:
        await show(context)
    else:
        await context.open_dialog(away.UNTIL)


async def come_back(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Be there again."""
    await switch(context, on=True)
    await show(context, edit=True)


async def ask_colleague(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask who takes over."""
    desks(context)
    await context.open_dialog(away.TO)


async def give_back(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Let everybody find the tickets in the queue."""
    given = await give(context, context.source)
    await context.edit("replies/away_given", given=given, to="")


async def keep(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Leave the tickets where they are."""
    await context.edit("replies/away_kept")
