"""``/status``: whether everything moves, whom the bot cannot reach, what is late, and what to do about it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import STATUS
from bot.context import SiagaContext
from bot.dialogs.pickers import organizations_with
from bot.handlers.tasks import open_button
from bot.keyboards import Button, button
from bot.registration import on_command, on_tap
from bot.rights import require
from db.queries.machines import lost_run
from db.queries.measures import measures
from db.queries.status import Standing, standing
from domain.chat import Thing
from domain.errors import NotFound
from domain.roles import Permission

ABOUT = "status"
TEMPLATE = "replies/status"
MEASURED = timedelta(days=30)
PATIENCE_S = 3.0
_BUTTONS_OF_EACH = 3


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the page's buttons."""
    application.add_handlers(
        [
            on_command(STATUS.names, show_status),
            on_tap(ABOUT, "again", refresh),
            on_tap(ABOUT, "run", open_lost_run),
        ]
    )


async def show_status(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Say how everything stands."""
    words, keyboard = await _page(context)
    await context.reply(TEMPLATE, keyboard=keyboard, **words)


async def refresh(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Say it anew in the same message."""
    words, keyboard = await _page(context)
    await context.edit(TEMPLATE, keyboard=keyboard, **words)


async def open_lost_run(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the card of a run that was ended from outside."""
    async with context.transaction() as session:
        row = await lost_run(session, context.tap.id)
    if row is None:
        raise NotFound(noun="thing")
    require(context, Permission.SEE_FIGURES, row.organization_id)
    await context.show_card(Thing.LOST_RUN, row.id)


async def _page(context: SiagaContext) -> tuple[dict[str, Any], list[list[Button]]]:
    organizations = [option.id for option in await organizations_with(context, Permission.SEE_FIGURES)]
    now = datetime.now(UTC)
    temporal = asyncio.create_task(_temporal(context))
    async with context.transaction() as session:
        stands = await standing(session, organizations, context.chat_id)
        measured = await measures(session, now - MEASURED, now, organizations)
    words = {"stands": stands, "temporal": await temporal, "measured": measured, "at": now}
    return words, _keyboard(stands)


async def _temporal(context: SiagaContext) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await context.gateway.healthy()
    except TimeoutError:
        return False


def _keyboard(stands: Standing) -> list[list[Button]]:
    """Return what can be done about it: the cards of what is wrong."""
    rows = [[open_button(task)] for task in stands.overdue[:_BUTTONS_OF_EACH]]
    rows += [
        [button("open_machine", "fleet", "open", one.machine_id, words={"machine": one})]
        for one in stands.offline[:_BUTTONS_OF_EACH]
    ]
    rows += [
        [button("lost_run", ABOUT, "run", number, words={"number": number})]
        for number in stands.lost_runs[:_BUTTONS_OF_EACH]
    ]
    last = [button("status_again", ABOUT, "again")]
    if stands.unreachable:
        last.append(button("status_people", "people", "page", 0))
    return [*rows, last]
