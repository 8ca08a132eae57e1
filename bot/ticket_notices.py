"""What the notices of the helpdesk carry beside their text."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import NoticeBuilder, NoticeView, Reader
from bot.desk_pages import ABOUT
from bot.keyboards import button
from bot.notices import names_in
from db.public_holidays import holidays_of
from db.queries.promises import working_time
from db.queries.tickets import TicketDetail
from domain.notices import NOTICES


async def of_ticket(
    session: AsyncSession,
    row: object,
    details: Mapping[str, Any],
    reader: Reader,  # noqa: ARG001 - a builder's shape
) -> NoticeView | None:
    """Return who caused it; a ticket that this reader may not see any more is not spoken of."""
    if not isinstance(row, TicketDetail):
        return None
    return NoticeView(context=await names_in(session, details))


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
    **{name: of_ticket for name in NOTICES if name.startswith("ticket_")},
    "holidays_due": of_holidays,
}
