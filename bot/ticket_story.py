"""The story of a ticket, to a customer what both sides said, to staff all of it (``/why PD-000123``)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.runs import Runs
from bot.cards.ticket import ABOUT_TICKET, may_see, of_pharmacy
from bot.context import SiagaContext
from bot.keyboards import button
from db.queries.tickets import ActivityLine, TicketDetail, ticket_by_id, timeline
from domain import ids
from domain.errors import NotFound

LINES, LINES_ON_PAPER = 30, 2000
_NUMBER = re.compile(r"(?i)#?(PD)-?0*(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket and the lines of its timeline that one person may read; ``inside``: the staff's too."""

    ticket: TicketDetail
    lines: Sequence[ActivityLine]
    inside: bool


def number_in(asked: str) -> int | None:
    """Return the ticket that a text names: ``PD-000123``, however it is typed; None when it names none."""
    found = _NUMBER.fullmatch(asked.strip())
    return int(found[2]) if found else None


async def story_of(context: SiagaContext, ticket_id: int, most: int) -> Story:
    """Return the newest lines of a ticket's story; raises ``NotFound`` for whoever may not see it."""
    async with context.transaction() as session:
        ticket = await ticket_by_id(session, ticket_id)
        if ticket is None or not may_see(ticket, context.me):
            raise NotFound(noun="ticket")
        inside = not of_pharmacy(ticket, context.me)
        return Story(ticket, await timeline(session, ticket_id, internal=inside, limit=most), inside)


async def tell_ticket(context: SiagaContext, ticket_id: int) -> None:
    """Send the story of a ticket; raises ``NotFound`` for whoever may not see it."""
    story = await story_of(context, ticket_id, LINES)
    paper = [button("ticket_pdf", ABOUT_TICKET, "pdf", ticket_id)]
    run = Runs(context.ui_url).row(ids.ticket_id(story.ticket.number)) if story.inside else []
    keyboard = [paper, run] if run else [paper]
    await context.reply("replies/why_ticket", keyboard=keyboard, ticket=story.ticket, story=story.lines)
