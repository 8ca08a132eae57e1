"""``/handover``: everything open of one person goes to another."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import HANDOVER
from bot.context import SiagaContext
from bot.dialogs import handover
from bot.dialogs.fields import Picked
from bot.dialogs.pickers import known_organization
from bot.handing_over import give_everything, plan
from bot.registration import on_command, on_tap
from bot.rights import require
from db.queries.people import person_row
from domain.errors import NotFound
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the buttons."""
    application.add_handlers(
        [
            on_command(HANDOVER.names, begin),
            on_tap(handover.NAME, "open", begin_for),
            on_tap(handover.NAME, "go", go),
            on_tap(handover.NAME, "no", leave),
        ]
    )


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask whose work goes to whom."""
    await context.open_dialog(handover.NAME, **await known_organization(context, Permission.MANAGE_PEOPLE))


async def begin_for(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask who takes over from the tapped person."""
    organization_id = int(context.tap.args[0])
    require(context, Permission.MANAGE_PEOPLE, organization_id)
    async with context.transaction() as session:
        row = await person_row(session, context.tap.id, organization_id)
    if row is None:
        raise NotFound(noun="person")
    known = {"organization": Picked(organization_id, ""), "person": Picked(row.user_id, row.name)}
    await context.open_dialog(handover.NAME, **known)


async def go(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Move everything, and say what became of it."""
    organization_id, taker, grants = (int(arg) for arg in context.tap.args)
    wanted = await plan(context, organization_id, context.tap.id, taker)
    found, waiting = await give_everything(context, context.source, wanted, with_grants=bool(grants))
    await context.edit(
        "replies/handed_over", plan=wanted, found=found, waiting=waiting, with_grants=bool(grants)
    )


async def leave(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Move nothing."""
    await context.edit("replies/handover_left")
