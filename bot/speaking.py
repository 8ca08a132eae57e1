"""Saying something in a ticket: words and files, acknowledged without noise."""

from datetime import UTC, datetime, timedelta

from bot.cards.ticket import ABOUT_TICKET
from bot.context import SiagaContext
from bot.keyboards import button
from bot.reactions import seen
from bot.ticket_files import Brought, bring
from bot.ticket_moves import move
from db.queries.customer_tickets import has_sent_files, said_since
from db.queries.tickets import TicketDetail
from domain.defaults import TICKET_FILE_LIMIT_MB
from domain.tickets import TicketMove, TicketStatus

BURST = timedelta(seconds=60)
"""Of messages that follow one another this closely only the first is answered; the card shows the last."""


async def follow_up(context: SiagaContext, ticket: TicketDetail, source: str) -> None:
    """Say this update's messages in a ticket: an answer when the customer is waited for, else a comment.

    Raises:
        Refusal: the workflow refuses.
    """
    me = context.me
    brought = await bring(context, ticket.organization_id)
    async with context.transaction() as session:
        in_a_row = await said_since(session, ticket.ticket_id, me.user_id, _burst_began(ticket))
        first_file = bool(brought.file_ids) and not await has_sent_files(session, me.user_id)
    await move(
        context,
        source,
        ticket,
        TicketMove.COMMENT,
        note=brought.words,
        file_ids=brought.file_ids,
        file_message_ids=brought.file_message_ids,
        origin_chat_id=context.chat_id,
        origin_message_ids=brought.message_ids,
    )
    if first_file:
        await context.reply("replies/cover_names")
    await say_what_is_too_big(context, brought)
    if ticket.status == TicketStatus.SOLVED and not in_a_row:
        reopen = button("ticket_not_solved", ABOUT_TICKET, TicketMove.REOPEN, ticket.ticket_id)
        yes = button("ticket_confirm", ABOUT_TICKET, TicketMove.CONFIRM, ticket.ticket_id, style="success")
        await context.reply("replies/said_in_solved", keyboard=[[yes, reopen]], ticket=ticket)
    elif not in_a_row:
        await seen(context)


def _burst_began(ticket: TicketDetail) -> datetime:
    """Return since when words count as said in one go: what is said of a new state is answered anew."""
    recent = datetime.now(UTC) - BURST
    return max(recent, ticket.solved_at) if ticket.solved_at is not None else recent


async def say_what_is_too_big(context: SiagaContext, brought: Brought) -> None:
    """Say at once that a file cannot be kept, and what works instead."""
    if brought.too_big:
        await context.reply("replies/ticket_file_too_big", count=brought.too_big, limit=TICKET_FILE_LIMIT_MB)
