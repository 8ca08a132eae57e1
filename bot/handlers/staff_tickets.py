"""Buttons of a ticket's card in the staff's group."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.dialogs.fields import Picked
from bot.dialogs.staff_moves import DIALOGS, about
from bot.dialogs.ticket_things import attachment_options
from bot.registration import on_command, on_tap
from bot.staff_moves import may_ask, move, staffs_moves, ticket_here
from bot.staff_room import room_ticket
from db.queries.ticket_files import attachment_shown_in
from db.queries.tickets import TicketDetail
from domain.chat import Thing
from domain.errors import NotFound, NotPossibleNow, NotYours
from domain.tickets import TicketMove

REMOVE = ("remove", "hapus")


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the buttons."""
    application.add_handlers(
        [
            on_tap(Thing.TICKET, "staff_take", take),
            on_command(REMOVE, remove),
            *(on_tap(Thing.TICKET, f"staff_{verb.value}", ask) for verb in DIALOGS),
        ]
    )


async def take(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Have it; whoever is second is told who was first."""
    ticket = await ticket_here(context, context.tap.id)
    await move(context, context.source, ticket, TicketMove.TAKE)
    await context.answer("toasts/ticket_taken", number=ticket.number)


async def ask(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask what a move needs; one that is not possible any more, or not this person's, is refused at once."""
    ticket = await ticket_here(context, context.tap.id)
    verb = TicketMove(context.tap.action.removeprefix("staff_"))
    _require(context, ticket, verb)
    await context.open_dialog(DIALOGS[verb], **about(ticket))


async def remove(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask whether the file that the command replies to is to be removed for good; else which one."""
    found, replied = await room_ticket(context), context.album[0].reply_to_message
    if found is None:
        raise NotFound(noun="ticket")
    ticket = await ticket_here(context, found.ticket_id)
    _require(context, ticket, TicketMove.DETACH)
    known = about(ticket)
    if replied is not None:
        async with context.transaction() as session:
            number = await attachment_shown_in(session, ticket.ticket_id, context.chat_id, replied.message_id)
        options = await attachment_options(context, known, "")
        meant = next((one for one in options if one.id == number), None)
        known |= {"attachment": Picked(meant.id, f"{meant.label} · {meant.note}")} if meant else {}
    await context.open_dialog(DIALOGS[TicketMove.DETACH], **known)


def _require(context: SiagaContext, ticket: TicketDetail, verb: TicketMove) -> None:
    if verb not in staffs_moves(ticket):
        raise NotPossibleNow(noun="ticket", status=ticket.status.value, move=verb.value)
    if not may_ask(context.me, ticket, verb):
        raise NotYours(holder=ticket.holder_name)
