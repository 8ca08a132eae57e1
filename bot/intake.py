"""Where a customer's message goes: a ticket, the open draft, a new draft, or a small menu (WORDS 5)."""

from bot.cards.ticket import ABOUT_TICKET, of_pharmacy, reopens_until
from bot.context import SiagaContext
from bot.drafting import begin, show_draft
from bot.greetings import is_greeting, is_thanks
from bot.keyboards import button
from bot.speaking import follow_up
from bot.ticket_files import bring, says_something
from bot.ticket_moves import (
    asks_pharmacy,
    customers_scope,
    pharmacies_named,
    pharmacies_of,
    ticket_of,
    workplace,
    works_besides,
)
from db.chat.things import thing_of_message
from db.queries.customer_tickets import TicketLine, live_tickets_of, ticket_of_message
from db.queries.helpdesk import ticket_policy
from db.queries.ticket_drafts import open_draft_of
from db.queries.tickets import TicketDetail, ticket_by_id
from db.ticket_drafts import add_parts
from domain.chat import Thing
from domain.people import Person
from domain.ticket_drafts import DraftStep
from domain.tickets import OPEN_TICKETS, TicketStatus


async def take_in(context: SiagaContext) -> None:
    """Take what a customer says or sends in their private chat.

    Whoever has other work besides is asked what it is for; nothing goes to a ticket by itself then.
    """
    if not says_something(context.album):
        await show_desk(context)
        return
    replied = await replied_ticket(context)
    if replied is not None:
        await say_in(context, replied)
        return
    async with context.transaction(customers_scope(context.me)) as session:
        draft = await open_draft_of(session, context.me.user_id)
        mine = await live_tickets_of(session, context.me.user_id, pharmacies_of(context.me))
    if draft is not None:
        brought = await bring(context, draft.organization_id)
        async with context.transaction(customers_scope(context.me)) as session:
            await add_parts(session, draft.draft_id, context.me.user_id, brought.parts)
        await show_draft(context, draft.draft_id, brought)
        return
    words = context.album[0].text or ""
    if is_greeting(words):
        await show_desk(context)
        return
    target = None if works_besides(context.me) else meant(mine, words)
    if target is not None:
        await follow_up(context, await ticket_of(context, target.ticket_id), context.source)
        return
    await _open(context, DraftStep.WHERE if mine else first_step(context.me))


def first_step(person: Person) -> DraftStep:
    """Return what a draft of a new trouble asks first."""
    return DraftStep.PHARMACY if asks_pharmacy(person) or works_besides(person) else DraftStep.READY


def meant(mine: list[TicketLine], words: str) -> TicketLine | None:
    """Return the ticket that words without a reply are for: the only open one, of thanks the solved one."""
    still_open = [one for one in mine if one.status in OPEN_TICKETS]
    if len(still_open) == 1:
        return still_open[0]
    solved = [one for one in mine if one.status == TicketStatus.SOLVED]
    return solved[0] if not still_open and solved and is_thanks(words) else None


async def say_in(context: SiagaContext, ticket: TicketDetail) -> None:
    """Say it in the ticket that is replied to; of a closed one ask first, or continue it in a new one."""
    if ticket.status != TicketStatus.CLOSED:
        await follow_up(context, ticket, context.source)
        return
    async with context.transaction(customers_scope(context.me)) as session:
        policy = await ticket_policy(session, ticket.organization_id, ticket.priority)
    until = reopens_until(ticket, policy)
    can_reopen = until is not None and context.said_at <= until
    await _open(context, DraftStep.WHERE if can_reopen else DraftStep.READY, follows=ticket)


async def replied_ticket(context: SiagaContext) -> TicketDetail | None:
    """Return the ticket of this person's pharmacy that a message replies to."""
    replied = context.album[0].reply_to_message
    if replied is None:
        return None
    me, chat = context.me, context.chat_id
    async with context.transaction() as session:
        about = await thing_of_message(session, chat, replied.message_id)
        if about is None:
            number = await ticket_of_message(session, me.user_id, chat, replied.message_id)
        else:
            number = about[1] if about[0] == Thing.TICKET else None
    if number is None:
        return None
    async with context.transaction(customers_scope(me)) as session:
        found = await ticket_by_id(session, number)
    return found if found is not None and of_pharmacy(found, me) else None


async def show_desk(context: SiagaContext) -> None:
    """Greet back with the little there is to choose."""
    rows = [[button("desk_new", ABOUT_TICKET, "new"), button("desk_tickets", ABOUT_TICKET, "page")]]
    await context.reply("replies/pharmacy_hello", keyboard=rows, pharmacy=pharmacies_named(context.me))


async def _open(context: SiagaContext, step: DraftStep, follows: TicketDetail | None = None) -> None:
    place = workplace(context, follows.pharmacy_id if follows else None)
    brought = await bring(context, place.organization_id)
    await begin(context, step, brought, follows=follows)
