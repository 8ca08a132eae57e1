"""``/machines``: where a technician may enter, the nearest first when they have shown where they are."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import MACHINES, holds
from bot.context import SiagaContext
from bot.keyboards import Button, button, columns
from bot.places import send_place
from bot.registration import on_command, on_tap
from db.queries.grants import machines_to_enter
from db.queries.machines import MachineDetail
from db.queries.positions import Seen, last_position
from domain.arrivals import ArrivalPolicy, distance_m
from domain.errors import NoAccess, NotAllowed
from domain.roles import Permission

PAGE = 6
MINE = "mine"
"""What the buttons of the list are about: a machine's card is for admins."""
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A machine and how far away it is, in metres; None while nobody knows where the person is."""

    machine: MachineDetail
    away_m: float | None


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the list's buttons."""
    application.add_handlers(
        [
            on_command(MACHINES.names, show_machines),
            on_tap(MINE, "page", turn_page),
            on_tap(MINE, "map", show_map),
        ]
    )


async def show_machines(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """List the machines this person may enter."""
    words, keyboard = await _page(context, 0)
    await context.reply("replies/my_machines", keyboard=keyboard, **words)


async def turn_page(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show another page in the same message."""
    words, keyboard = await _page(context, context.tap.id)
    await context.edit("replies/my_machines", keyboard=keyboard, **words)


async def show_map(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send a listed machine's place, while it may be entered."""
    async with context.transaction() as session:
        held = await machines_to_enter(session, context.me.user_id)
    found = next((one for one in held if one.machine_id == context.tap.id), None)
    if found is None:
        raise NoAccess
    await send_place(context, found.latitude, found.longitude, found.name, found.address)


def by_distance(machines: list[MachineDetail], seen: Seen | None) -> list[Near]:
    """Return machines with their distances, nearest first; in their own order when no position is known."""
    if seen is None:
        return [Near(one, None) for one in machines]
    near = [
        Near(one, distance_m(seen.latitude, seen.longitude, one.latitude, one.longitude)) for one in machines
    ]
    return sorted(near, key=lambda one: one.away_m or 0.0)


async def _page(context: SiagaContext, page: int) -> tuple[dict[str, Any], list[list[Button]]]:
    me = context.me
    if not holds(me, Permission.DO_ASSIGNMENTS):
        raise NotAllowed
    async with context.transaction() as session:
        held = await machines_to_enter(session, me.user_id)
        seen = await last_position(session, me.user_id)
    fresh = timedelta(seconds=ArrivalPolicy().max_age_s)
    if seen is not None and datetime.now(UTC) - seen.at > fresh:
        seen = None
    near = by_distance(held, seen)
    pages = max(1, -(-len(near) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = near[page * PAGE : (page + 1) * PAGE]
    first = page * PAGE + 1
    words: dict[str, Any] = {
        "near": shown,
        "total": len(near),
        "first": first,
        "page": page + 1,
        "pages": pages,
        "sorted": seen is not None,
    }
    return words, _keyboard(shown, first, page, pages)


def _keyboard(shown: list[Near], first: int, page: int, pages: int) -> list[list[Button]]:
    maps = [
        button("map_of", MINE, "map", one.machine.machine_id, words={"number": number})
        for number, one in enumerate(shown, first)
    ]
    turning = []
    if page > 0:
        turning.append(button("previous_page", MINE, "page", page - 1))
    if page + 1 < pages:
        turning.append(button("next_page", MINE, "page", page + 1))
    return [row for row in (*columns(maps, _COLUMNS), turning) if row]
