"""Opening a draft, showing its card, sending it as a ticket or adding it to one."""

from bot.cards.ticket_draft import filled
from bot.context import SiagaContext
from bot.speaking import say_what_is_too_big
from bot.ticket_files import Brought
from bot.ticket_moves import customers_scope, move, ticket_of, workplace
from db import ticket_drafts
from db.chat.cards import ensure_card, touch_cards
from db.files import share
from db.queries.new_tickets import NewTicket, new_ticket
from db.queries.ticket_drafts import DraftDetail, draft_by_id
from db.queries.tickets import TicketDetail
from db.ticket_drafts import NewDraft, open_draft
from domain.chat import Loudness, SendPriority, Thing
from domain.errors import Closed, NotFound
from domain.ticket_drafts import DraftStep
from domain.tickets import PRIORITY_OF, Effect, TicketDraft, TicketMove, TicketSource, TicketView


async def begin(
    context: SiagaContext, step: DraftStep, brought: Brought, *, follows: TicketDetail | None = None
) -> None:
    """Open a draft with what was said, and show it; what follows a ticket is for the ticket's pharmacy."""
    me, place = context.me, workplace(context, follows.pharmacy_id if follows else None)
    new = NewDraft(
        organization_id=place.organization_id,
        pharmacy_id=place.pharmacy_id or 0,
        user_id=me.user_id,
        chat_id=context.chat_id,
        source=context.source,
        parts=brought.parts,
        step=step,
        follows_id=follows.ticket_id if follows else None,
    )
    async with context.transaction(customers_scope(me)) as session:
        number = await open_draft(session, new)
    async with context.transaction() as session:
        await ensure_card(
            session,
            Thing.TICKET_DRAFT,
            number,
            me.user_id,
            loudness=Loudness.SILENT,
            source=f"{context.source}-draft",
            priority=SendPriority.REPLY,
        )
    await say_what_is_too_big(context, brought)


async def show_draft(context: SiagaContext, draft_id: int, brought: Brought | None = None) -> None:
    """Bring a draft's card up to date; many messages in a row become one edit."""
    async with context.transaction() as session:
        await touch_cards(session, (Thing.TICKET_DRAFT, draft_id))
    if brought is not None:
        await say_what_is_too_big(context, brought)


async def draft_of(context: SiagaContext, draft_id: int) -> DraftDetail:
    """Return a draft that this person can still send.

    Raises:
        NotFound: it is not theirs, or of a pharmacy where they do not work any more.
        Closed: it was sent, thrown away, or is too old.
    """
    async with context.transaction(customers_scope(context.me)) as session:
        found = await draft_by_id(session, draft_id)
    if found is None or found.user_id != context.me.user_id:
        raise NotFound(noun="draft")
    if not found.is_open:
        raise Closed(noun="draft")
    return found


async def send(context: SiagaContext, draft: DraftDetail, effect: Effect) -> TicketView:
    """Open a ticket of a draft; a repeat opens the same one."""
    me, source = context.me, f"draft-{draft.draft_id}"
    async with context.transaction(customers_scope(me)) as session:
        now = await filled(session, draft)
    order = NewTicket(
        pharmacy_id=draft.pharmacy_id,
        opened_by=me.user_id,
        customer_id=me.user_id,
        source=TicketSource.CUSTOMER,
        priority=PRIORITY_OF[effect],
        module_id=now.module.id,
        category_id=now.category.id,
        title=now.title or now.category.named(context.language),
        draft=TicketDraft(
            description=draft.words,
            effect=effect,
            pic_name=draft.pic_name,
            contact=draft.contact,
            app_version=draft.app_version,
            follows_id=draft.follows_id,
            file_ids=draft.file_ids,
            file_message_ids=draft.file_message_ids,
            origin_chat_id=draft.chat_id,
            origin_message_ids=draft.message_ids,
        ),
    )
    async with context.transaction() as session:
        state = await new_ticket(session, order, source)
    view = context.settled(await context.gateway.tickets.open(source, state))
    await finish(context, draft, view.ticket_id)
    return view


async def add_to(context: SiagaContext, draft: DraftDetail, ticket_id: int, verb: TicketMove) -> TicketView:
    """Say a draft in a ticket that is there: as a comment, or as the reason to open it again."""
    ticket = await ticket_of(context, ticket_id)
    async with context.transaction() as session:
        there = await share(session, draft.file_ids, ticket.organization_id)
    view = await move(
        context,
        f"draft-{draft.draft_id}-{verb}",
        ticket,
        verb,
        note=draft.words,
        file_ids=[there[file_id] for file_id in draft.file_ids],
        file_message_ids=draft.file_message_ids,
        origin_chat_id=draft.chat_id,
        origin_message_ids=draft.message_ids,
    )
    await finish(context, draft, ticket_id)
    return view


async def finish(context: SiagaContext, draft: DraftDetail, ticket_id: int | None) -> None:
    """End a draft; its card says what became of it."""
    async with context.transaction() as session:
        await ticket_drafts.close(session, draft.draft_id, context.me.user_id, ticket_id)
        await touch_cards(session, (Thing.TICKET_DRAFT, draft.draft_id))
