"""Messages that are changed after they were sent: in a draft they are changed, in a ticket both stay."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.drafting import show_draft
from bot.registration import is_private, on_edit
from bot.ticket_moves import customers_scope, move, ticket_of
from db.queries.customer_tickets import said_in
from db.queries.ticket_drafts import open_draft_of
from db.ticket_drafts import edit_part
from domain.tickets import TicketMove


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie changed words and captions; live locations have a handler of their own."""
    application.add_handlers([on_edit(take_edit)])


async def take_edit(update: Update, context: SiagaContext) -> None:
    """Follow a customer who corrects what they said; what was never said in a ticket is no news."""
    message = update.edited_message
    if message is None or not is_private(update) or context.person is None or not context.person.pharmacies:
        return
    me, words = context.me, (message.text or message.caption or "").strip()
    async with context.transaction(customers_scope(me)) as session:
        draft = await open_draft_of(session, me.user_id)
        number = await said_in(session, me.user_id, context.chat_id, message.message_id)
        if draft is not None and number is None:
            changed = await edit_part(session, draft.draft_id, me.user_id, message.message_id, words)
    if number is not None:
        await move(
            context,
            context.source,
            await ticket_of(context, number),
            TicketMove.EDIT,
            note=words,
            origin_chat_id=context.chat_id,
            origin_message_ids=[message.message_id],
        )
    elif draft is not None and changed:
        await show_draft(context, draft.draft_id)
