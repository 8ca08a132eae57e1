"""``/m name``: a canned answer, shown as the customer would read it and sent by a tap."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.canned import ABOUT, answer_of, list_keyboard, preview, sent_keyboard
from bot.context import SiagaContext
from bot.registration import on_command, on_tap
from bot.staff_moves import move, ticket_here, works_here
from bot.staff_room import room_ticket
from db.queries.helpdesk import canned_answers
from domain.errors import NotAllowed, NotFound
from domain.tickets import TicketMove

COMMAND = ("m",)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and its buttons."""
    application.add_handlers(
        [
            on_command(COMMAND, say),
            on_tap(ABOUT, "show", show),
            on_tap(ABOUT, "send", send),
            on_tap(ABOUT, "cancel", cancel),
        ]
    )


async def say(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the named answer; without a name, or with one that several begin with, show those."""
    ticket = await room_ticket(context)
    if ticket is None:
        raise NotFound(noun="ticket")
    if not works_here(context.person, ticket.organization_id):
        raise NotAllowed
    name = context.args[0].casefold() if context.args else ""
    async with context.transaction() as session:
        rows = await canned_answers(session, ticket.organization_id)
    fitting = [row for row in rows if row.name.startswith(name)]
    found = next((row for row in rows if row.name == name), None)
    if found is None and name and len(fitting) == 1:
        found = fitting[0]
    if found is not None:
        words, keyboard = await preview(context, ticket, found)
        await context.reply("replies/canned", keyboard=keyboard, **words)
        return
    keyboard = list_keyboard(ticket, fitting or rows)
    await context.reply("replies/canned_list", keyboard=keyboard, rows=rows, name="" if fitting else name)


async def show(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show an answer of the list."""
    ticket = await ticket_here(context, context.tap.id)
    words, keyboard = await preview(context, ticket, await answer_of(context, ticket))
    await context.edit("replies/canned", keyboard=keyboard, **words)


async def send(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send it as an answer of who looked at it; a second tap on the same message sends nothing more."""
    ticket = await ticket_here(context, context.tap.id)
    if int(context.tap.args[1]) != context.me.user_id:
        raise NotAllowed(problem="others_question")
    words, _ = await preview(context, ticket, await answer_of(context, ticket))
    shown = context.handling.update.effective_message
    source = f"canned-{context.chat_id}-{shown.message_id if shown else context.source}"
    await move(context, source, ticket, TicketMove.COMMENT, note=words["text"])
    keyboard = await sent_keyboard(context, ticket, source)
    await context.edit("replies/canned_sent", keyboard=keyboard, **words)


async def cancel(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send nothing."""
    ticket = await ticket_here(context, context.tap.id)
    await context.edit("replies/canned_left", ticket=ticket)
