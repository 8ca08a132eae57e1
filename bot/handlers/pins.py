"""``/pin`` and the PIN button: a technician's way into the machine (WORDS 4)."""

from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import PIN, holds
from bot.context import SiagaContext
from bot.keyboards import named
from bot.registration import on_command, on_tap
from bot.rights import require
from bot.secrets_shown import cipher
from bot.task_moves import task as task_of
from db.pins import PinWish, issue_pin
from db.queries.assignments import AssignmentDetail
from db.queries.pins import openable_machines
from domain.chat import Thing
from domain.errors import NoAccess, NotAllowed
from domain.pins import DIGITS
from domain.roles import Permission

MACHINES_SHOWN = 20


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command, the card's button and the buttons of the choice."""
    application.add_handlers(
        [
            on_command(PIN.names, show_pin),
            on_tap(Thing.ASSIGNMENT, "pin", show_pin_of_task),
            on_tap("pin", "machine", show_pin_of_machine),
        ]
    )


async def show_pin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send a PIN, or ask for which machine."""
    await choose_pin(context)


async def show_pin_of_task(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the PIN for the visit of the card's task."""
    await send_pin(context, await task_of(context, context.tap.id))


async def show_pin_of_machine(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the PIN of the chosen machine."""
    async with context.transaction() as session:
        found = await openable_machines(session, context.me.user_id)
    machine = next((one for one in found if one.machine_id == context.tap.id), None)
    if machine is None:
        raise NoAccess
    require(context, Permission.MAINTENANCE_PIN, machine.organization_id)
    await _send(context, machine.machine_id)


async def choose_pin(context: SiagaContext) -> None:
    """Send the PIN of the only machine the person may enter, or ask by buttons which one it is.

    Raises:
        NotAllowed: the person's roles get no PINs.
        NoAccess: there is no machine they may enter.
    """
    me = context.me
    if not holds(me, Permission.MAINTENANCE_PIN):
        raise NotAllowed
    async with context.transaction() as session:
        found = await openable_machines(session, me.user_id)
    mine = [one for one in found if me.may(Permission.MAINTENANCE_PIN, one.organization_id)]
    if not mine:
        raise NoAccess
    if len(mine) == 1:
        await _send(context, mine[0].machine_id)
        return
    keyboard = [[named(one.name, "pin", "machine", one.machine_id)] for one in mine[:MACHINES_SHOWN]]
    await context.reply("replies/pin_where", keyboard=keyboard)


async def send_pin(context: SiagaContext, task: AssignmentDetail) -> None:
    """Send the PIN for a task's visit; raises ``NoAccess`` when the machine is not the person's."""
    require(context, Permission.MAINTENANCE_PIN, task.organization_id)
    await _send(context, task.machine_id, task.assignment_id)


async def _send(context: SiagaContext, machine_id: int, assignment_id: int | None = None) -> None:
    wish = PinWish(context.me.user_id, machine_id, context.source, assignment_id)
    async with context.transaction() as session:
        pin = await issue_pin(session, wish, cipher(context))
    now = datetime.now(UTC)
    await context.reply(
        "replies/pin",
        secret=True,
        # It is of no use afterwards, and until then it has to be readable without signal.
        shown_s=(pin.valid_to - now).total_seconds(),
        pin=pin,
        digits=_grouped(pin.digits),
        ahead=pin.valid_from > now,
    )


def _grouped(digits: str) -> str:
    """Return the digits as the keypad shows them: ``07 118 572``."""
    return f"{digits[:2]} {digits[2:5]} {digits[5:DIGITS]}"
