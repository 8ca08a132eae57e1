"""The card of what is late: one for each person, however many tickets call them, with the way to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Reader
from bot.keyboards import Button, button
from bot.ticket_ways import way_to
from db.queries.late_tickets import LateTicket, late_tickets
from db.queries.staff_groups import room_of
from db.queries.tickets import TicketDetail, ticket_by_id
from domain.chat import Thing
from domain.escalations import SNOOZE_MINUTES, EscalationMove
from domain.people import Person
from domain.roles import Permission

PAGE = 8
_CARD = Thing.LATE_TICKETS


@dataclass(frozen=True, slots=True)
class LateLine:
    """A ticket of the card, and why it is there."""

    late: LateTicket
    ticket: TicketDetail


def may_answer(late: LateTicket, person: Person) -> bool:
    """Return whether a person's answer counts: they were called, or they manage the helpdesk."""
    return late.was_called or person.may(Permission.MANAGE_HELPDESK, late.organization_id)


async def late_tickets_card(session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
    """Return the first page of the card; None for anybody else than the person it is about."""
    if reader.person is None or reader.person.user_id != thing_id:
        return None
    return await late_page(session, reader.person, 0)


async def late_page(session: AsyncSession, person: Person, page: int) -> CardView:
    """Return a page of what calls a person now."""
    found = await late_tickets(session, person.user_id, datetime.now(UTC))
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages - 1)
    lines, rows = [], []
    for one in found[page * PAGE : (page + 1) * PAGE]:
        ticket = await ticket_by_id(session, one.ticket_id)
        if ticket is None:
            continue
        lines.append(LateLine(one, ticket))
        row = [way_to(ticket, await room_of(session, one.ticket_id))]
        if len(found) > 1 and EscalationMove.ACKNOWLEDGE in _answers(one, person):
            row.append(_answer("late_seen", EscalationMove.ACKNOWLEDGE, person, one))
        rows.append(row)
    return CardView(
        template="cards/late_tickets",
        row=found,
        context={
            "lines": lines,
            "late": sum(one.is_late for one in found),
            "near": sum(not one.is_late for one in found),
            "page": page + 1,
            "pages": pages,
        },
        keyboard=[*rows, *_turning(person, page, pages), *_below(found, person)],
        final=not found,
    )


def _below(found: Sequence[LateTicket], person: Person) -> list[list[Button]]:
    """Return the answers to the only call, or the one answer to all of them."""
    open_calls = [one for one in found if EscalationMove.ACKNOWLEDGE in _answers(one, person)]
    if len(found) > 1:
        every = button("late_seen_all", _CARD, "all", person.user_id, words={"count": len(open_calls)})
        return [[every]] if open_calls else []
    rows = []
    for one in found:
        possible = _answers(one, person)
        rows.append([_answer(move, move, person, one) for move in _FIRST if move in possible])
        if EscalationMove.SNOOZE in possible:
            snooze = EscalationMove.SNOOZE
            rows.append([_answer(snooze, snooze, person, one, minutes) for minutes in SNOOZE_MINUTES])
    return [row for row in rows if row]


_FIRST = (EscalationMove.TAKE, EscalationMove.ACKNOWLEDGE)


def _answers(late: LateTicket, person: Person) -> Sequence[EscalationMove]:
    return late.answers if may_answer(late, person) else ()


def _answer(label: str, move: EscalationMove, person: Person, late: LateTicket, minutes: int = 0) -> Button:
    """Return the button of an answer: the card is the person's, so the ladder is named beside it."""
    args = (late.ladder_id or 0, *((minutes,) if minutes else ()))
    words = {"minutes": minutes} if minutes else {}
    return button(label, _CARD, move, person.user_id, *args, words=words)


def _turning(person: Person, page: int, pages: int) -> list[list[Button]]:
    row = [
        *([button("previous_page", _CARD, "page", person.user_id, page - 1)] if page else []),
        *([button("next_page", _CARD, "page", person.user_id, page + 1)] if page + 1 < pages else []),
    ]
    return [row] if row else []
