"""``/queue`` and ``/mine``: the open tickets of a helpdesk, with the way into each one's topic."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import MINE, QUEUE
from bot.context import SiagaContext
from bot.keyboards import Button, button, columns
from bot.registration import on_command, on_tap
from bot.staff_moves import ticket_here
from bot.ticket_ways import ABOUT_QUEUE, way_to
from db.queries.staff_groups import room_of, waiting_for
from db.queries.ticket_filters import TicketFilter
from db.queries.tickets import count_tickets, list_tickets
from domain.chat import Thing
from domain.errors import NotAllowed
from domain.priorities import Priority
from domain.roles import Permission
from domain.ticket_sight import sight_of
from domain.tickets import OPEN_TICKETS, TicketStatus

ABOUT = ABOUT_QUEUE
PAGE = 8
FILTERS = ("open", "new", "urgent", "waiting", "mine")


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the commands and the list's buttons."""
    application.add_handlers(
        [
            on_command(QUEUE.names, show_queue),
            on_command(MINE.names, show_mine),
            on_tap(ABOUT, "show", turn),
            on_tap(ABOUT, "open", open_ticket),
        ]
    )


async def show_queue(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """List what is open."""
    words, keyboard = await _page(context, "open", 0)
    await context.reply("replies/queue", keyboard=keyboard, **words)


async def show_mine(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """List what this person has."""
    words, keyboard = await _page(context, "mine", 0)
    await context.reply("replies/queue", keyboard=keyboard, **words)


async def turn(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show another filter or page in the same message."""
    words, keyboard = await _page(context, context.tap.args[0], context.tap.id)
    await context.edit("replies/queue", keyboard=keyboard, **words)


async def open_ticket(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the card of a ticket that has no topic, privately."""
    ticket = await ticket_here(context, context.tap.id)
    await context.show_card(Thing.TICKET, ticket.ticket_id)


async def _page(context: SiagaContext, name: str, page: int) -> tuple[dict[str, Any], list[list[Button]]]:
    me = context.me
    desks = me.organizations_with(Permission.WORK_ON_TICKETS)
    if not desks:
        raise NotAllowed
    wanted = TicketFilter(
        sight=sight_of(me, desks),
        organizations=desks,
        statuses=_STATUSES.get(name, tuple(OPEN_TICKETS)),
        priorities=(Priority.URGENT,) if name == "urgent" else (),
        holder_id=me.user_id if name == "mine" else None,
    )
    async with context.transaction() as session:
        total = await count_tickets(session, wanted)
        found = await list_tickets(session, wanted, limit=PAGE, offset=page * PAGE)
        rooms = [await room_of(session, one.ticket_id) for one in found]
        waiting = await waiting_for(session, desks)
    rows = [[way_to(ticket, room)] for ticket, room in zip(found, rooms, strict=True)]
    turning = [
        *([button("previous_page", ABOUT, "show", page - 1, name)] if page else []),
        *([button("next_page", ABOUT, "show", page + 1, name)] if (page + 1) * PAGE < total else []),
    ]
    filters = [button(f"queue_{one}", ABOUT, "show", 0, one) for one in FILTERS if one != name]
    words = {"tickets": found, "total": total, "filter": name, "waiting": waiting}
    return words, [*rows, *([turning] if turning else []), *columns(filters, 2)]


_STATUSES = {"new": (TicketStatus.OPEN,), "waiting": (TicketStatus.WAITING_CUSTOMER,)}
