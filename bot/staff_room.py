"""What the staff writes in a ticket's room: inside by default, to the customer only when they clearly say so.

Three things let words out: a reply of the ticket's holder to a relayed message of the customer, ``/r``, and
what is written after the card's reply button. A reaction says which it was.
"""

import contextlib

from telegram import Message

from bot.api import ApiError
from bot.context import SiagaContext
from bot.keyboards import button
from bot.staff_moves import move, works_here
from db.chat.things import thing_of_message
from db.queries.relays import relays_from, relays_shown_in
from db.queries.settings import setting
from db.queries.staff_groups import group_in, ticket_in_thread
from db.queries.ticket_watchers import watchers
from db.queries.tickets import TicketDetail, ticket_by_id
from domain.chat import Thing
from domain.relays import RelayDirection
from domain.tickets import TicketMove

INSIDE, SENT, UNKNOWN = "🙊", "🕊", "🤷"
"""Reactions: it stayed inside; it went to the customer; it was not recorded, as its writer is no known staff.

Telegram allows bots 73 emoji; the lock and the envelope of WORDS 5 are not among them.
"""
ABOUT_RELAY = "relay"
NO_WORDS = "📎"
"""What the timeline says of a message that brings a file without a word."""


async def room_ticket(context: SiagaContext) -> TicketDetail | None:
    """Return the ticket in whose room a message stands: by its topic, or by what it replies to."""
    message = context.album[0]
    async with context.transaction() as session:
        group = await group_in(session, context.chat_id)
        if group is None:
            return None
        number: int | None = None
        if message.is_topic_message and message.message_thread_id is not None:
            number = await ticket_in_thread(session, context.chat_id, message.message_thread_id)
        replied = message.reply_to_message
        if number is None and replied is not None:
            about = await thing_of_message(session, context.chat_id, replied.message_id)
            if about is not None and about[0] == Thing.TICKET:
                number = about[1]
            elif said := await relays_from(session, context.chat_id, replied.message_id):
                number = said[0].ticket_id
        found = await ticket_by_id(session, number) if number is not None else None
    return found if found is not None and found.organization_id == group.organization_id else None


async def goes_out(context: SiagaContext, ticket: TicketDetail, message: Message) -> bool:
    """Return whether words are the holder's reply to what the customer said."""
    holder = ticket.tech_id if ticket.tech_id is not None else ticket.expert_id
    if message.reply_to_message is None or context.me.user_id != holder:
        return False
    async with context.transaction() as session:
        rows = await relays_shown_in(session, context.chat_id, message.reply_to_message.message_id)
    return any(row.direction == RelayDirection.TO_STAFF and row.ticket_id == ticket.ticket_id for row in rows)


async def say(context: SiagaContext, ticket: TicketDetail, source: str, *, outside: bool, words: str) -> None:
    """Record what this update says in the ticket, inside or to the customer, and show which it was."""
    if not works_here(context.person, ticket.organization_id):
        await react(context, UNKNOWN)
        return
    if outside and not await is_read(context, ticket):
        outside = False
        await context.reply("replies/no_customer", ticket=ticket)
    message_ids = [one.message_id for one in context.album]
    await move(
        context,
        source,
        ticket,
        TicketMove.COMMENT if outside else TicketMove.NOTE,
        note=words.strip() or NO_WORDS,
        origin_chat_id=context.chat_id,
        origin_message_ids=message_ids,
    )
    await react(context, SENT if outside else INSIDE)
    if outside:
        take_back = button(
            "unsend", ABOUT_RELAY, "unsend", ticket.ticket_id, message_ids[0], len(message_ids)
        )
        async with context.transaction() as session:
            hold_s = await setting(session, ticket.organization_id, "ticket_hold_s")
        await context.reply("replies/relayed", keyboard=[[take_back]], ticket=ticket, hold_s=hold_s)


async def is_read(context: SiagaContext, ticket: TicketDetail) -> bool:
    """Return whether a pharmacy's person hears of the ticket: of an internal one nobody does."""
    async with context.transaction() as session:
        return bool(await watchers(session, ticket.ticket_id))


def words_of(context: SiagaContext) -> str:
    """Return the words and captions of this update's messages."""
    return "\n".join(said for one in context.album if (said := one.text or one.caption))


async def react(context: SiagaContext, emoji: str) -> None:
    """Put a reaction on the message; one that fails is no loss, since the timeline has what was said."""
    with contextlib.suppress(ApiError):
        await context.parts.api.call(
            "setMessageReaction",
            {
                "chat_id": context.chat_id,
                "message_id": context.album[0].message_id,
                "reaction": [{"type": "emoji", "emoji": emoji}],
            },
        )
