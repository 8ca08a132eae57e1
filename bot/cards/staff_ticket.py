"""The card of a ticket in the staff's group: all that is known, who has it, and what can be done."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.ticket import TicketCard
from bot.content import CardView, Reader
from bot.keyboards import Button, Style, button, columns
from bot.staff_moves import staffs_moves
from db.chat.rooms import is_linked
from db.queries.machines import count_machines, machine_by_id
from db.queries.tickets import TicketDetail, attachments, ticket_by_id
from domain.chat import Thing
from domain.tickets import TicketMove, TicketStatus

_STYLES: dict[TicketMove, Style] = {TicketMove.TAKE: "success", TicketMove.SOLVE: "success"}
_OF_PERSON = TicketCard()
REPLY = "staff_reply"
"""What is written next goes to the customer."""


async def ticket_card(session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
    """Return the ticket's card for a person, or in a group the staff's."""
    if reader.person is None:
        return await staff_ticket_card(session, thing_id, reader)
    return await _OF_PERSON(session, thing_id, reader)


async def staff_ticket_card(session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
    """Return the card; None in a group that is not its helpdesk's."""
    ticket = await ticket_by_id(session, thing_id)
    if ticket is None or not await is_linked(session, reader.chat_id, ticket.organization_id):
        return None
    english = reader.language == "en"
    files = await attachments(session, thing_id, internal=True)
    count = sum(one.removed_at is None for one in files)
    machine = await machine_by_id(session, ticket.machine_id or 0, deleted=True)
    impossible = set[TicketMove]() if count else {TicketMove.DETACH}
    if machine is None and not await count_machines(session, organizations=[ticket.organization_id]):
        impossible.add(TicketMove.LINK)
    return CardView(
        template="cards/staff_ticket",
        row=ticket,
        context={
            "module": ticket.module_name_en if english else ticket.module_name,
            "category": ticket.category_name_en if english else ticket.category_name,
            "files": count,
            "machine": machine.name if machine else "",
        },
        keyboard=_keyboard(ticket, impossible),
        final=ticket.status == TicketStatus.CLOSED,
    )


def _keyboard(ticket: TicketDetail, impossible: Collection[TicketMove]) -> list[list[Button]]:
    number = ticket.ticket_id
    first = [button("staff_reply", Thing.TICKET, REPLY, number, style="primary")]
    shown = [
        button(f"staff_{move.value}", Thing.TICKET, f"staff_{move.value}", number, style=_STYLES.get(move))
        for move in staffs_moves(ticket)
        if move not in impossible
    ]
    if shown and shown[0].label == "staff_take":
        first.insert(0, shown.pop(0))
    return [first, *columns(shown, 2)]
