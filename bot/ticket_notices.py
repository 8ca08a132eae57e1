"""What the notices of the helpdesk carry beside their text: who did it, and what answers them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.ticket import ABOUT_TICKET, customers_moves, helpdesk_of, keyboard_for, of_pharmacy
from bot.content import NoticeBuilder, NoticeView, Reader
from bot.desk_pages import ABOUT
from bot.keyboards import button
from bot.notices import names_in
from bot.staff_moves import works_here
from bot.ticket_ways import way_to
from db.public_holidays import holidays_of
from db.queries.helpdesk import ticket_policy
from db.queries.promises import working_time
from db.queries.staff_groups import room_of
from db.queries.tickets import TicketDetail
from domain.notices import NOTICES
from domain.tickets import TicketMove

_ASKED = frozenset({TicketMove.ANSWER, TicketMove.CONFIRM})
_SOLVED = frozenset({TicketMove.CONFIRM, TicketMove.REOPEN})
_ENDED = frozenset({TicketMove.REOPEN})


async def of_ticket(
    session: AsyncSession,
    row: object,
    details: Mapping[str, Any],
    reader: Reader,
) -> NoticeView | None:
    """Return who caused it, for the staff also the way into the topic; a ticket that is gone is not told."""
    if not isinstance(row, TicketDetail):
        return None
    names = await names_in(session, details)
    if not works_here(reader.person, row.organization_id):
        return NoticeView(context=names)
    return NoticeView(keyboard=[[way_to(row, await room_of(session, row.ticket_id))]], context=names)


def answered_by(moves: frozenset[TicketMove]) -> NoticeBuilder:
    """Return the builder of a notice that a customer answers by these moves, while they are possible."""

    async def build(
        session: AsyncSession, row: object, details: Mapping[str, Any], reader: Reader
    ) -> NoticeView | None:
        if not isinstance(row, TicketDetail):
            return None
        names = await names_in(session, details)
        if reader.person is None or not of_pharmacy(row, reader.person):
            return NoticeView(context=names)
        policy = await ticket_policy(session, row.organization_id, row.priority)
        possible = customers_moves(row, reader.person, policy, datetime.now(UTC))
        keyboard = keyboard_for(row, [move for move in possible if move in moves], ABOUT_TICKET)
        if names["actor"] and details.get("actor_id") != row.customer_id:
            names["actor"] = f"{names['actor']} · {helpdesk_of(row, reader.person)}"
        return NoticeView(keyboard=keyboard, context=names)

    return build


async def of_holidays(
    session: AsyncSession,
    row: object,  # noqa: ARG001 - a builder's shape
    details: Mapping[str, Any],
    reader: Reader,  # noqa: ARG001
) -> NoticeView | None:
    """Return how many days the coming year has off, and the button that confirms them."""
    organization, year = details["organization_id"], details["year"]
    works = await working_time(session, organization)
    if (works.confirmed_year or 0) >= year:
        return None
    confirm = button("desk_year", ABOUT, "year", organization, year, style="success", words={"year": year})
    look = button("desk_look", ABOUT, "open", organization)
    return NoticeView(keyboard=[[confirm], [look]], context={"days": holidays_of(year)})


TICKET_NOTICES: Mapping[str, NoticeBuilder] = {
    name: of_ticket for name in NOTICES if name.startswith("ticket_")
} | {
    "ticket_asked": answered_by(_ASKED),
    "ticket_reminder": answered_by(_ASKED),
    "ticket_solved": answered_by(_SOLVED),
    "ticket_expired": answered_by(_ENDED),
    "ticket_closed": answered_by(_ENDED),
    "holidays_due": of_holidays,
}
