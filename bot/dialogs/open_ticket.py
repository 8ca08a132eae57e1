"""``/ticket``: the staff opens a ticket, for somebody of a pharmacy or for the helpdesk alone."""

from bot.cards.ticket_draft import chosen
from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ChoiceField, Dialog, Option, PickerField, TextField
from bot.dialogs.pickers import LISTED, organization_field
from bot.rights import require
from db.queries.helpdesk import categories, modules
from db.queries.new_tickets import NewTicket, new_ticket, title_of
from db.queries.pharmacies import customers_of, list_pharmacies
from domain.errors import NotAllowed
from domain.roles import Permission
from domain.tickets import PRIORITY_OF, Effect, TicketDraft, TicketSource

NAME = "open_ticket"
LENGTH = 4000
NOBODY = 0
"""In the list of people: the ticket is internal, no customer hears of it."""


async def _pharmacies(context: SiagaContext, answers: Answers, search: str) -> list[Option]:
    async with context.transaction() as session:
        rows = await list_pharmacies(session, [answers["organization"].id], search=search, limit=LISTED)
    return [Option(row.pharmacy_id, row.name) for row in rows if row.is_active]


async def _people(context: SiagaContext, answers: Answers, search: str) -> list[Option]:
    """Return nobody, then the pharmacy's people; a tech opens internal ones only (WORDS 1)."""
    words, audience = context.parts.renderer.words, context.handling.audience
    nobody = Option(NOBODY, words("buttons", "ticket_internal", audience))
    if not context.me.may(Permission.REVIEW_TICKETS, answers["organization"].id):
        return [nobody]
    async with context.transaction() as session:
        found = await customers_of(session, answers["pharmacy"].id)
    people = [Option(number, name) for number, name in found if search.casefold() in name.casefold()]
    return people if search else [*people, nobody]


async def _finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Open it; module and category are what the words suggest, and are sorted in its topic."""
    organization, customer = answers["organization"].id, answers["customer"].id
    me, words = require(context, Permission.WORK_ON_TICKETS, organization), answers["description"]
    if customer != NOBODY and not me.may(Permission.REVIEW_TICKETS, organization):
        raise NotAllowed(permission=Permission.OPEN_TICKETS.value)
    effect = Effect(answers["effect"])
    async with context.transaction() as session:
        order = NewTicket(
            pharmacy_id=answers["pharmacy"].id,
            opened_by=me.user_id,
            customer_id=customer or None,
            source=TicketSource.TEAM_EXPERT if customer else TicketSource.INTERNAL,
            priority=PRIORITY_OF[effect],
            module_id=chosen(None, words, await modules(session, organization)).id,
            category_id=chosen(None, words, await categories(session, organization)).id,
            draft=TicketDraft(description=words, effect=effect),
            title=title_of(words),
        )
        state = await new_ticket(session, order, f"staff-{source}")
    context.settled(await context.gateway.tickets.open(f"staff-{source}", state))
    await context.reply(
        "replies/ticket_opened",
        number=state.number,
        title=state.title,
        pharmacy=answers["pharmacy"].label,
        customer=answers["customer"].label if customer else "",
    )


OPEN_TICKET = Dialog(
    NAME,
    fields=(
        organization_field(Permission.WORK_ON_TICKETS),
        PickerField(name="pharmacy", options=_pharmacies),
        PickerField(name="customer", options=_people),
        TextField(name="description", max_length=LENGTH),
        ChoiceField(name="effect", choices=tuple(one.value for one in Effect), width=1),
    ),
    finish=_finish,
)
