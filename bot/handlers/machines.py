"""``/fleet`` and the taps on a machine's card."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.ext import Application

from bot.commands import FLEET
from bot.context import SiagaContext
from bot.dialogs import assign
from bot.dialogs.fields import Picked
from bot.dialogs.pickers import organizations_with
from bot.keyboards import Button, button
from bot.machine_moves import machine, move_machine
from bot.notices import ABOUT_MACHINE
from bot.places import send_place
from bot.registration import on_command, on_tap
from db.queries.machines import MachineDetail, count_machines, list_machines
from domain.chat import Thing
from domain.machines import Connection, MachineMove, MachineStatus
from domain.onboarding import OPEN_STEPS
from domain.roles import Permission

PAGE = 8


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command, the list's buttons and the card's."""
    thing = Thing.MACHINE
    application.add_handlers(
        [
            on_command(FLEET.names, show_fleet),
            on_tap("fleet", "page", turn_page),
            on_tap("fleet", "open", open_machine),
            on_tap(thing, "assign", assign_here),
            on_tap(ABOUT_MACHINE, "assign", assign_here),
            on_tap(thing, MachineMove.EMPTY, empty),
            on_tap(thing, "map", show_map),
        ]
    )


async def show_fleet(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show how the fleet stands, then the machines by name."""
    words, keyboard = await _fleet(context, 0)
    await context.reply("replies/fleet", keyboard=keyboard, **words)


async def turn_page(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show another page of the list in the same message."""
    words, keyboard = await _fleet(context, context.tap.id)
    await context.edit("replies/fleet", keyboard=keyboard, **words)


async def open_machine(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the card of a listed machine: its onboarding's while that is open."""
    await show_card_of(context, await machine(context, context.tap.id, Permission.REGISTER_MACHINE))


async def show_card_of(context: SiagaContext, found: MachineDetail) -> None:
    """Send the card of a machine that this person manages."""
    thing = Thing.ONBOARDING if found.onboarding_step in OPEN_STEPS else Thing.MACHINE
    await context.show_card(thing, found.machine_id)


async def assign_here(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Assign a task at this machine: organization and machine are known already."""
    found = await machine(context, context.tap.id, Permission.MANAGE_ASSIGNMENTS)
    here = {
        "organization": Picked(found.organization_id, ""),
        "machine": Picked(found.machine_id, found.name),
    }
    await context.open_dialog(assign.NAME, **here)


async def empty(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Say that a full machine was emptied."""
    view = await move_machine(context, context.source, context.tap.id, MachineMove.EMPTY)
    await context.answer("toasts/emptied", machine=view.name)


async def show_map(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the machine's place as a map point."""
    found = await machine(context, context.tap.id, Permission.REGISTER_MACHINE)
    await send_place(context, found.latitude, found.longitude, found.name, found.address)


async def _fleet(context: SiagaContext, page: int) -> tuple[dict[str, Any], list[list[Button]]]:
    organizations = [option.id for option in await organizations_with(context, Permission.REGISTER_MACHINE)]
    async with context.transaction() as session:
        counts = await _counts(session, organizations)
        total = await count_machines(session, organizations=organizations)
        pages = max(1, -(-total // PAGE))
        page = min(max(page, 0), pages - 1)
        found = await list_machines(session, organizations=organizations, limit=PAGE, offset=page * PAGE)
    words: dict[str, Any] = {
        "total": total,
        "machines": found,
        "page": page + 1,
        "pages": pages,
        "first": page * PAGE + 1,
        **counts,
    }
    return words, _keyboard(found, page, pages)


async def _counts(session: AsyncSession, organizations: list[int]) -> dict[str, object]:
    """Return how many machines stand where, without the empty lines."""
    status = {
        one: await count_machines(session, organizations=organizations, status=one) for one in MachineStatus
    }
    heard = {
        one: await count_machines(session, organizations=organizations, connection=one) for one in Connection
    }
    return {
        "by_status": {one: number for one, number in status.items() if number},
        "by_connection": {one: number for one, number in heard.items() if number},
    }


def _keyboard(found: list[MachineDetail], page: int, pages: int) -> list[list[Button]]:
    rows = [
        [button("open_machine", "fleet", "open", one.machine_id, words={"machine": one})] for one in found
    ]
    turning = []
    if page > 0:
        turning.append(button("previous_page", "fleet", "page", page - 1))
    if page + 1 < pages:
        turning.append(button("next_page", "fleet", "page", page + 1))
    return [*rows, turning] if turning else rows
