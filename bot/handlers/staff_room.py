"""Messages in a staff group: notes, ``/r`` to the customer, ``/unsend``."""

from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bot.cards.staff_ticket import REPLY as STAFF_REPLY
from bot.context import SiagaContext
from bot.dialogs import reply_customer
from bot.registration import on_command, on_tap
from bot.staff_moves import move, ticket_here, works_here
from bot.staff_room import ABOUT_RELAY, NO_WORDS, goes_out, room_ticket, say, words_of
from db.chat.cards import touch_cards
from db.chat.origins import without_command
from db.chat.relay_ends import Withdrawn, withdraw
from db.queries.relays import relays_from, said_by_staff
from db.queries.staff_groups import group_in
from db.queries.tickets import TicketDetail, ticket_by_id
from domain.chat import Thing
from domain.errors import NotFound, NotYours
from domain.roles import Permission
from domain.tickets import TicketMove

REPLY, UNSEND = ("r", "balas"), ("unsend", "tarik")
NO_CHAT = 0
"""Where what was said by a tap comes from."""


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the commands, the buttons, and whatever else is written in a group."""
    written = (
        filters.UpdateType.MESSAGE & filters.ChatType.GROUPS & ~filters.COMMAND & ~filters.StatusUpdate.ALL
    )
    changed = filters.UpdateType.EDITED_MESSAGE & filters.ChatType.GROUPS & (filters.TEXT | filters.CAPTION)
    application.add_handlers(
        [
            MessageHandler(changed, follow_edit),
            on_command(REPLY, reply),
            on_command(UNSEND, unsend),
            on_tap(Thing.TICKET, STAFF_REPLY, ask_reply),
            on_tap(ABOUT_RELAY, "unsend", take_back),
            on_tap(ABOUT_RELAY, "unsend_line", take_line_back),
            MessageHandler(written, hear),
        ]
    )


async def hear(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Keep what is written in a ticket's room; only the holder's reply to the customer leaves it."""
    ticket = await room_ticket(context)
    if ticket is None:
        return
    outside = context.person is not None and await goes_out(context, ticket, context.album[0])
    await say(context, ticket, context.source, outside=outside, words=words_of(context))


async def follow_edit(update: Update, context: SiagaContext) -> None:
    """Change the customer's copy of what was said to them; of a note both versions stay inside."""
    message = update.edited_message
    if message is None or context.person is None:
        return
    async with context.transaction() as session:
        group = await group_in(session, context.chat_id)
        said = await said_by_staff(session, context.chat_id, message.message_id) if group else None
        ticket = await ticket_by_id(session, said.ticket_id) if said else None
    if said is None or ticket is None or not works_here(context.person, ticket.organization_id):
        return
    await move(
        context,
        context.source,
        ticket,
        TicketMove.NOTE if said.is_internal else TicketMove.EDIT,
        note=without_command(message.text or message.caption or "") or NO_WORDS,
        origin_chat_id=context.chat_id,
        origin_message_ids=[message.message_id],
    )


async def reply(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send what stands behind the command to the customer."""
    ticket = await room_ticket(context)
    if ticket is None:
        raise NotFound(noun="ticket")
    words = words_of(context).partition(" ")[2].strip()
    if words:
        await say(context, ticket, context.source, outside=True, words=words)
    else:
        await context.reply("replies/reply_how")


async def ask_reply(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send what this person writes next here to the customer."""
    ticket = await ticket_here(context, context.tap.id)
    await context.open_dialog(reply_customer.NAME, ticket=ticket.ticket_id, number=ticket.number)


async def unsend(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Take back the own message that the command replies to."""
    ticket, replied = await room_ticket(context), context.album[0].reply_to_message
    if ticket is None or replied is None:
        raise NotFound(noun="ticket")
    await _withdraw(context, ticket, context.chat_id, [replied.message_id])


async def take_back(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Take back what the button stands below."""
    ticket = await ticket_here(context, context.tap.id)
    first, count = (int(arg) for arg in context.tap.args)
    await _withdraw(context, ticket, context.chat_id, list(range(first, first + count)))


async def take_line_back(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Take back an answer that was not typed."""
    ticket = await ticket_here(context, context.tap.id)
    await _withdraw(context, ticket, NO_CHAT, [int(context.tap.args[0])])


async def _withdraw(context: SiagaContext, ticket: TicketDetail, chat: int, messages: list[int]) -> None:
    me, taken = context.me, list[Withdrawn]()
    async with context.transaction() as session:
        for number in messages:
            rows = await relays_from(session, chat, number)
            if any(row.user_id != me.user_id for row in rows) and not me.may(
                Permission.REVIEW_TICKETS, ticket.organization_id
            ):
                raise NotYours
            found = await withdraw(session, chat, number, datetime.now(UTC))
            taken += [] if found is None else [found]
        await touch_cards(session, (Thing.TICKET, ticket.ticket_id))
    if not taken:
        raise NotFound(noun="message")
    audience = context.handling.audience
    words = "\n".join(one.words for one in taken)
    note = context.parts.renderer.plain("partials/withdrawn", audience, {"words": words})
    await move(context, f"{context.source}-withdrawn", ticket, TicketMove.NOTE, note=note)
    had_left = any(one.had_left for one in taken)
    await context.edit("replies/withdrawn", ticket=ticket, had_left=had_left)
