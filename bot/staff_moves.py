"""One verb on a ticket by the helpdesk's staff, from a tap, a dialog or a message: the same command."""

from typing import Any

from bot.context import SiagaContext
from db.queries.tickets import TicketDetail, ticket_by_id
from domain.errors import NotAllowed, NotFound
from domain.people import Person
from domain.roles import Permission
from domain.ticket_records import TicketCommand
from domain.tickets import TICKET, TicketMove, TicketStatus, TicketView

STAFFS_MOVES = (
    TicketMove.TAKE,
    TicketMove.ASK,
    TicketMove.FORWARD,
    TicketMove.BACK,
    TicketMove.SOLVE,
    TicketMove.SORT,
    TicketMove.HAND_OVER,
    TicketMove.MERGE,
    TicketMove.LINK,
    TicketMove.DETACH,
    TicketMove.CLOSE,
)
"""Moves with a button on the staff's card, in its order."""


def works_here(person: Person | None, organization_id: int) -> bool:
    """Return whether a person is known as staff of an organization's helpdesk."""
    return person is not None and person.may(Permission.WORK_ON_TICKETS, organization_id)


def staffs_moves(ticket: TicketDetail) -> list[TicketMove]:
    """Return the moves that somebody of the staff could make now: exactly these have buttons."""
    return [move for move in STAFFS_MOVES if _is_possible(ticket, move)]


def _is_possible(ticket: TicketDetail, move: TicketMove) -> bool:
    if move not in TICKET.moves_from(ticket.status):
        return False
    if move == TicketMove.TAKE and ticket.status == TicketStatus.IN_PROGRESS:
        return ticket.tech_id is None
    if move == TicketMove.TAKE and ticket.status == TicketStatus.IN_REVIEW:
        return ticket.holder_name is None
    if move == TicketMove.CLOSE:  # what the customer is asked, the customer answers
        return ticket.status != TicketStatus.WAITING_CUSTOMER
    if move == TicketMove.HAND_OVER:
        return ticket.holder_name is not None
    return True


def may_ask(person: Person, ticket: TicketDetail, move: TicketMove) -> bool:
    """Return whether a move is a person's: experts work on all tickets, a tech on theirs and on free ones."""
    permission = TICKET.permission(ticket.status, move)
    if permission == Permission.OPEN_TICKETS or person.may(Permission.REVIEW_TICKETS, ticket.organization_id):
        return True
    if permission == Permission.REVIEW_TICKETS:
        return False
    free = ticket.status == TicketStatus.IN_PROGRESS and ticket.tech_id is None
    return ticket.tech_id == person.user_id or free


async def ticket_here(context: SiagaContext, ticket_id: int) -> TicketDetail:
    """Return a ticket that this person works on.

    Raises:
        NotFound: there is none.
        NotAllowed: they are not known as staff of its helpdesk.
    """
    async with context.transaction() as session:
        found = await ticket_by_id(session, ticket_id)
    if found is None:
        raise NotFound(noun="ticket")
    if not works_here(context.person, found.organization_id):
        raise NotAllowed
    return found


async def move(
    context: SiagaContext,
    source: str,
    ticket: TicketDetail,
    verb: TicketMove,
    **details: Any,  # noqa: ANN401 - the fields of the command
) -> TicketView:
    """Ask the ticket's workflow for a move of the staff; the workflow judges."""
    me = context.me
    command = TicketCommand(
        move=verb,
        actor_id=me.user_id,
        actor_name=me.name,
        actor_is_staff=True,
        actor_may_review=me.may(Permission.REVIEW_TICKETS, ticket.organization_id),
        actor_may_manage=me.may(Permission.MANAGE_HELPDESK, ticket.organization_id),
        **details,
    )
    return context.settled(await context.gateway.tickets.move(source, ticket.number, command))
