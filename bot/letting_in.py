"""Letting a technician into a machine: which one, and the PIN for it (WORDS 4)."""

from datetime import UTC, datetime

from bot.commands import holds
from bot.context import SiagaContext
from bot.keyboards import named
from bot.rights import require
from bot.secrets_shown import cipher
from bot.task_moves import task as task_of
from bot.which_task import replied_task
from db.pins import PinWish, issue_pin
from db.queries.assignments import AssignmentDetail
from db.queries.grants import machines_to_enter
from domain.errors import NotAllowed
from domain.pins import DIGITS
from domain.roles import Permission

ABOUT_PIN = "pin"
"""What the buttons of the choice are about: a machine's card is for admins."""
MACHINES_SHOWN = 20


async def pin_by_word(context: SiagaContext, number: int | None) -> None:
    """Send the PIN for the task that a message names by number or by replying to its card, else choose."""
    found = await replied_task(context) if number is None else await task_of(context, number)
    if found is None:
        await choose_pin(context)
    else:
        await send_pin(context, found)


async def choose_pin(context: SiagaContext) -> None:
    """Send the PIN of the only machine the person may enter, or ask by buttons which one it is.

    Raises:
        NotAllowed: the person's roles get no PINs.
    """
    me = context.me
    if not holds(me, Permission.MAINTENANCE_PIN):
        raise NotAllowed
    async with context.transaction() as session:
        found = await machines_to_enter(session, me.user_id)
    mine = [one for one in found if me.may(Permission.MAINTENANCE_PIN, one.organization_id)]
    if len(mine) == 1:
        await send_pin_of(context, mine[0].machine_id)
        return
    keyboard = [[named(one.name, ABOUT_PIN, "machine", one.machine_id)] for one in mine[:MACHINES_SHOWN]]
    await context.reply("replies/pin_where", keyboard=keyboard, machines=len(mine))


async def send_pin(context: SiagaContext, task: AssignmentDetail) -> None:
    """Send the PIN for a task's visit; raises ``NoAccess`` when the machine is not the person's."""
    require(context, Permission.MAINTENANCE_PIN, task.organization_id)
    await send_pin_of(context, task.machine_id, task.assignment_id)


async def send_pin_of(context: SiagaContext, machine_id: int, assignment_id: int | None = None) -> None:
    """Send the PIN of a machine; whether the person may enter is judged where it is issued."""
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
