"""The living card of a ticket for the pharmacy: who has it, by when, what was said last (WORDS 5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Reader
from bot.keyboards import Button, Style, button
from db.queries.customer_tickets import follows, last_said
from db.queries.helpdesk import ticket_policy
from db.queries.tickets import TicketDetail, attachments, ticket_by_id
from domain.business_time import is_open, opens_next
from domain.chat import Thing
from domain.people import Person
from domain.roles import Permission
from domain.tickets import TICKET, TicketMove, TicketPolicy, TicketSource, TicketStatus

ABOUT_TICKET = "tickets"
"""What buttons of notices and lists are about; not the thing: such a message is no copy of its card."""
STARS = range(1, 6)
_CUSTOMERS = (
    TicketMove.ANSWER,
    TicketMove.CONFIRM,
    TicketMove.REOPEN,
    TicketMove.CLOSE,
    TicketMove.RATE,
    TicketMove.COMMENT,
)


def of_pharmacy(ticket: TicketDetail, person: Person) -> bool:
    """Return whether a ticket is a customer's: of where they work, and not the helpdesk's own."""
    if ticket.source == TicketSource.INTERNAL:
        return False
    return any(held.pharmacy_id == ticket.pharmacy_id for held in person.pharmacies)


def may_see(ticket: TicketDetail, person: Person) -> bool:
    """Return whether a ticket is shown to a person: their pharmacy's, or their helpdesk's work."""
    if of_pharmacy(ticket, person) or person.may(Permission.REVIEW_TICKETS, ticket.organization_id):
        return True
    held = ticket.tech_id == person.user_id or (
        ticket.status == TicketStatus.IN_PROGRESS and ticket.tech_id is None
    )
    return held and person.may(Permission.WORK_ON_TICKETS, ticket.organization_id)


def reopens_until(ticket: TicketDetail, policy: TicketPolicy) -> datetime | None:
    """Return until when a closed ticket can be reopened; None: it is not closed, or merged into another."""
    if ticket.closed_at is None or ticket.merged_into_id is not None:
        return None
    return ticket.closed_at + timedelta(days=policy.reopen_days)


def customers_moves(
    ticket: TicketDetail, person: Person, policy: TicketPolicy, now: datetime
) -> list[TicketMove]:
    """Return the moves that a customer can make now: exactly those that the workflow would accept."""
    if not of_pharmacy(ticket, person):
        return []
    until = reopens_until(ticket, policy)
    if ticket.status == TicketStatus.CLOSED and (until is None or now > until):
        return []
    return [move for move in _CUSTOMERS if (ticket.status, move) in TICKET.rows]


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised next: ``first_answer`` or ``solution``, by when, and when the helpdesk opens again."""

    clock: str
    at: datetime
    opens_at: datetime | None
    late: bool


def promise_of(ticket: TicketDetail, policy: TicketPolicy, now: datetime) -> Promise | None:
    """Return the promise that runs; None while none does."""
    clock = "first_answer" if ticket.first_answered_at is None else "solution"
    at = ticket.first_answer_due_at if clock == "first_answer" else ticket.solution_due_at
    if at is None:
        return None
    opens = None if is_open(policy.calendar, now) else opens_next(policy.calendar, now)
    return Promise(clock, at, opens, late=at < now)


class TicketCard:
    """Builds the card for one person; a group's card is the staff's own."""

    async def __call__(self, session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
        """Return the card, or None for whoever may not see the ticket."""
        ticket = await ticket_by_id(session, thing_id)
        person = reader.person
        if ticket is None or person is None or not may_see(ticket, person):
            return None
        now = datetime.now(UTC)
        policy = await ticket_policy(session, ticket.organization_id, ticket.priority)
        moves = customers_moves(ticket, person, policy, now)
        followed = await follows(session, thing_id, person.user_id)
        files = await attachments(session, thing_id, internal=False)
        own = of_pharmacy(ticket, person)
        is_english = reader.language == "en"
        return CardView(
            template="cards/ticket",
            row=ticket,
            context={
                "own": own,
                "helpdesk": helpdesk_of(ticket, person),
                "module": ticket.module_name_en if is_english else ticket.module_name,
                "category": ticket.category_name_en if is_english else ticket.category_name,
                "promise": promise_of(ticket, policy, now),
                "said": await last_said(session, thing_id),
                "files": sum(one.removed_at is None for one in files),
                "reopens_until": reopens_until(ticket, policy) if TicketMove.REOPEN in moves else None,
            },
            keyboard=[
                *keyboard_for(ticket, moves, Thing.TICKET),
                *_following(ticket, person, own=own, followed=followed),
            ],
            final=ticket.status == TicketStatus.CLOSED and not moves,
        )


def helpdesk_of(ticket: TicketDetail, person: Person) -> str:
    """Return the name of the helpdesk, as a customer of it knows it."""
    held = (one for one in person.memberships if one.organization_id == ticket.organization_id)
    return next((one.organization_name for one in held), "")


def _following(ticket: TicketDetail, person: Person, *, own: bool, followed: bool) -> list[list[Button]]:
    """Return the ticket's story, and the button by which a colleague hears of it, or no more."""
    row = [button("ticket_why", Thing.TICKET, "why", ticket.ticket_id)]
    if not own:
        return [row]
    row.append(button("ticket_pdf", Thing.TICKET, "pdf", ticket.ticket_id))
    if followed:
        return [row, [button("ticket_unfollow", Thing.TICKET, "unfollow", ticket.ticket_id)]]
    if ticket.customer_id != person.user_id:
        return [row, [button("ticket_follow", Thing.TICKET, "follow", ticket.ticket_id)]]
    return [row]


def keyboard_for(ticket: TicketDetail, moves: Iterable[TicketMove], about: str) -> list[list[Button]]:
    """Return the buttons of a customer's moves, on the card or on a message about the ticket."""
    possible = set(moves)
    number, status = ticket.ticket_id, ticket.status

    def of(label: str, move: TicketMove, style: Style | None = None) -> Button:
        return button(label, about, move, number, style=style)

    rows: list[list[Button]] = []
    if TicketMove.ANSWER in possible:
        rows.append([of("ticket_answer", TicketMove.ANSWER, "primary")])
    if TicketMove.CONFIRM in possible:
        row = [of("ticket_confirm", TicketMove.CONFIRM, "success")]
        if status == TicketStatus.SOLVED:
            row.append(of("ticket_not_solved", TicketMove.REOPEN))
        rows.append(row)
    if status == TicketStatus.CLOSED:
        rows += _after_the_end(ticket, possible, about)
    elif TicketMove.CLOSE in possible and status != TicketStatus.SOLVED:
        rows.append([of("ticket_close", TicketMove.CLOSE)])
    return rows


def _after_the_end(ticket: TicketDetail, possible: set[TicketMove], about: str) -> list[list[Button]]:
    """Return stars, as long as none were given, and the way back."""
    rows = []
    number = ticket.ticket_id
    if TicketMove.RATE in possible and ticket.rating is None:
        rows.append(
            [
                button("stars", about, TicketMove.RATE, number, count, words={"stars": count})
                for count in STARS
            ]
        )
    if TicketMove.REOPEN in possible:
        rows.append([button("ticket_reopen", about, TicketMove.REOPEN, number)])
    return rows
