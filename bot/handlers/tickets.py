"""What a pharmacy's people do with tickets: answer, confirm, reopen, close, rate, follow, list (WORDS 5)."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.cards.ticket import ABOUT_TICKET, STARS, keyboard_for
from bot.commands import TICKETS
from bot.context import SiagaContext
from bot.dialogs import answer_ticket, rate_ticket
from bot.drafting import begin
from bot.handlers.ticket_drafts import begin_anew
from bot.registration import on_command, on_tap
from bot.ticket_files import Brought
from bot.ticket_lists import TEMPLATE, tickets_page
from bot.ticket_moves import move, ticket_of
from db.chat.cards import touch_cards
from db.queries.tickets import TicketDetail
from db.ticket_followers import follow, unfollow
from domain.chat import Thing
from domain.errors import Closed, NotFound
from domain.ticket_drafts import DraftStep
from domain.tickets import TicketMove, TicketStatus

_BOTH = (Thing.TICKET, ABOUT_TICKET)
"""A customer's buttons stand on the card and on messages about the ticket."""


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command, the list's buttons, and those of the card and of messages about it."""
    moves = {
        TicketMove.ANSWER: ask_answer,
        TicketMove.CONFIRM: confirm,
        TicketMove.REOPEN: reopen,
        TicketMove.CLOSE: close,
        TicketMove.RATE: rate,
    }
    application.add_handlers(
        [
            on_command(TICKETS.names, show_tickets),
            on_tap(ABOUT_TICKET, "page", turn_page),
            on_tap(ABOUT_TICKET, "open", open_ticket),
            on_tap(ABOUT_TICKET, "new", begin_anew),
            on_tap(Thing.TICKET, "follow", follow_ticket),
            on_tap(Thing.TICKET, "unfollow", follow_ticket),
            *(on_tap(about, one.value, handler) for about in _BOTH for one, handler in moves.items()),
        ]
    )


async def show_tickets(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """List the pharmacy's tickets, open ones first."""
    words, keyboard = await tickets_page(context, 0)
    await context.reply(TEMPLATE, keyboard=keyboard, **words)


async def turn_page(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show another page in the same message."""
    words, keyboard = await tickets_page(context, context.tap.id)
    await context.edit(TEMPLATE, keyboard=keyboard, **words)


async def open_ticket(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send a ticket's card."""
    ticket = await ticket_of(context, context.tap.id)
    await context.show_card(Thing.TICKET, ticket.ticket_id)


async def ask_answer(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Take what is sent next as the answer."""
    ticket = await ticket_of(context, context.tap.id)
    await context.open_dialog(answer_ticket.NAME, ticket=ticket.ticket_id, number=ticket.number)


async def confirm(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """It is solved: close it, then ask for stars. Said before the staff did, it is solved first."""
    ticket = await ticket_of(context, context.tap.id)
    view = await move(context, context.source, ticket, TicketMove.CONFIRM)
    if view.status == TicketStatus.SOLVED:
        await move(context, f"{context.source}-closes", ticket, TicketMove.CONFIRM)
    await context.answer("toasts/ticket_confirmed")
    await _show_after(context, ticket, "replies/ticket_stars")


async def rate(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Keep the stars, and ask for a sentence that may be skipped."""
    stars = int(context.tap.args[0])
    if stars not in STARS:
        raise NotFound(noun="ticket")
    ticket = await ticket_of(context, context.tap.id)
    await move(context, context.source, ticket, TicketMove.RATE, rating=stars)
    await _show_after(context, ticket, "replies/ticket_stars", stars=stars)
    await context.open_dialog(rate_ticket.NAME, ticket=ticket.ticket_id, stars=stars, number=ticket.number)


async def reopen(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """It is not solved, or it is back; after seven days it goes on in a new ticket."""
    ticket = await ticket_of(context, context.tap.id)
    try:
        await move(context, context.source, ticket, TicketMove.REOPEN)
    except Closed:
        if ticket.merged_into_id is not None:
            raise
        await begin(context, DraftStep.READY, Brought(()), follows=ticket)
        return
    await context.answer("toasts/ticket_reopened", number=ticket.number)
    await _show_after(context, ticket, "replies/ticket_reopened")


async def close(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """The customer needs it no more."""
    ticket = await ticket_of(context, context.tap.id)
    await move(context, context.source, ticket, TicketMove.CLOSE)
    await context.answer("toasts/ticket_closed", number=ticket.number)


async def follow_ticket(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Let a colleague hear of a ticket, or no more."""
    ticket, me = await ticket_of(context, context.tap.id), context.me
    async with context.transaction() as session:
        if context.tap.action == "follow":
            await follow(session, ticket.ticket_id, me.user_id, ticket.organization_id)
        else:
            await unfollow(session, ticket.ticket_id, me.user_id)
        await touch_cards(session, (Thing.TICKET, ticket.ticket_id))
    await context.answer(f"toasts/ticket_{context.tap.action}", number=ticket.number)


async def _show_after(context: SiagaContext, ticket: TicketDetail, template: str, stars: int = 0) -> None:
    """Let the message that asked say how it goes on; a card does that by itself."""
    if context.tap.thing != ABOUT_TICKET:
        return
    now = await ticket_of(context, ticket.ticket_id)
    moves = (TicketMove.RATE, TicketMove.REOPEN) if now.status == TicketStatus.CLOSED else ()
    await context.edit(template, keyboard=keyboard_for(now, moves, ABOUT_TICKET), ticket=now, stars=stars)
