"""What the notices of a ticket carry beside their text."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import NoticeBuilder, NoticeView, Reader
from bot.notices import names_in
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


TICKET_NOTICES: Mapping[str, NoticeBuilder] = {
    name: of_ticket for name in NOTICES if name.startswith("ticket_")
}
