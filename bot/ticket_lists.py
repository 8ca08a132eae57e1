"""A pharmacy's tickets as a page with a button for each."""

from typing import Any

from bot.cards.ticket import ABOUT_TICKET
from bot.context import SiagaContext
from bot.keyboards import Button, button
from bot.ticket_moves import customers_scope, pharmacies_named, pharmacies_of
from db.queries.customer_tickets import tickets_of_pharmacies

PAGE = 8
TEMPLATE = "replies/tickets"


async def tickets_page(context: SiagaContext, page: int) -> tuple[dict[str, Any], list[list[Button]]]:
    """Return a page of tickets, open ones first, and its buttons.

    Raises:
        NotFound: the person works at no pharmacy.
    """
    me = context.me
    async with context.transaction(customers_scope(me)) as session:
        lines, total = await tickets_of_pharmacies(
            session, me.user_id, pharmacies_of(me), limit=PAGE, offset=page * PAGE
        )
    pages = max(1, -(-total // PAGE))
    rows = [
        [button("ticket_line", ABOUT_TICKET, "open", one.ticket_id, words={"ticket": one})] for one in lines
    ]
    turning = []
    if page > 0:
        turning.append(button("previous_page", ABOUT_TICKET, "page", page - 1))
    if page + 1 < pages:
        turning.append(button("next_page", ABOUT_TICKET, "page", page + 1))
    words = {
        "lines": lines,
        "total": total,
        "page": page + 1,
        "pages": pages,
        "me": me.user_id,
        "pharmacy": pharmacies_named(me),
    }
    new = [button("desk_new", ABOUT_TICKET, "new")]
    if lines:
        new.append(button("tickets_csv", ABOUT_TICKET, "csv"))
    return words, [*rows, *([turning] if turning else []), new]
