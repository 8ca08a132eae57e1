"""Canned answers in a ticket's topic: the list, and one as its customer would read it."""

from collections.abc import Sequence
from typing import Any

from bot.context import SiagaContext
from bot.keyboards import Button, button, columns, named
from bot.staff_room import ABOUT_RELAY, is_read
from db.queries.helpdesk import CannedRow, canned_answers
from db.queries.people import person_by_id
from db.queries.tickets import TicketDetail, line_of
from domain.canned import filled
from domain.errors import NotFound

ABOUT = "canned"
SHOWN = 40


def list_keyboard(ticket: TicketDetail, rows: Sequence[CannedRow]) -> list[list[Button]]:
    """Return a button for each answer."""
    return columns([named(row.name, ABOUT, "show", ticket.ticket_id, row.id) for row in rows[:SHOWN]], 2)


async def answer_of(context: SiagaContext, ticket: TicketDetail) -> CannedRow:
    """Return the tapped answer; raises ``NotFound`` when it was deleted since."""
    async with context.transaction() as session:
        rows = await canned_answers(session, ticket.organization_id)
    found = next((row for row in rows if row.id == int(context.tap.args[0])), None)
    if found is None:
        raise NotFound(noun="canned_answer")
    return found


async def preview(
    context: SiagaContext, ticket: TicketDetail, answer: CannedRow
) -> tuple[dict[str, Any], list[list[Button]]]:
    """Return an answer filled in the customer's language, and its buttons; nobody reads it: none sends it."""
    async with context.transaction() as session:
        customer = await person_by_id(session, ticket.customer_id) if ticket.customer_id else None
    has_reader = await is_read(context, ticket)
    english = customer is not None and customer.person.language == "en"
    values = {
        "customer": ticket.customer_name or ticket.pharmacy_name,
        "number": ticket.number,
        "pharmacy": ticket.pharmacy_name,
        "me": context.me.name,
    }
    text = filled(answer.text_en if english else answer.text_id, values)
    given = (ticket.ticket_id, answer.id, context.me.user_id)
    row = [button("canned_send", ABOUT, "send", *given, style="success")] if has_reader else []
    row.append(button("canned_cancel", ABOUT, "cancel", ticket.ticket_id))
    return {"ticket": ticket, "name": answer.name, "text": text, "is_read": has_reader}, [row]


async def sent_keyboard(context: SiagaContext, ticket: TicketDetail, source: str) -> list[list[Button]]:
    """Return the way to take back what was sent: without a message of its own, its line says which it is."""
    async with context.transaction() as session:
        line = await line_of(session, ticket.ticket_id, source)
    if line is None:  # the write is queued: it leaves when the database is back
        return []
    return [[button("unsend", ABOUT_RELAY, "unsend_line", ticket.ticket_id, line)]]
