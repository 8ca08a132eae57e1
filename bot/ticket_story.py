"""The story of a ticket, to a customer what both sides said, to staff all of it (``/why PD-000123``)."""

import re

from bot.cards.runs import Runs
from bot.cards.ticket import may_see, of_pharmacy
from bot.context import SiagaContext
from db.queries.tickets import ticket_by_id, timeline
from domain import ids
from domain.errors import NotFound

LINES = 30
_NUMBER = re.compile(r"(?i)#?(PD)-?0*(\d{1,18})")


def number_in(asked: str) -> int | None:
    """Return the ticket that a text names: ``PD-000123``, however it is typed; None when it names none."""
    found = _NUMBER.fullmatch(asked.strip())
    return int(found[2]) if found else None


async def tell_ticket(context: SiagaContext, ticket_id: int) -> None:
    """Send the story of a ticket; raises ``NotFound`` for whoever may not see it."""
    async with context.transaction() as session:
        ticket = await ticket_by_id(session, ticket_id)
        if ticket is None or not may_see(ticket, context.me):
            raise NotFound(noun="ticket")
        inside = not of_pharmacy(ticket, context.me)
        story = await timeline(session, ticket_id, internal=inside, limit=LINES)
    workflow_id = ids.ticket_id(ticket.number)
    keyboard = [Runs(context.ui_url).row(workflow_id)] if inside else None
    await context.reply("replies/why_ticket", keyboard=keyboard, ticket=ticket, story=story)
