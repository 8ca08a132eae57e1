"""What the endpoints of tickets share: which one is meant, who moves it, who may get it."""

from typing import Any

from db.queries.people import PersonRow, person_row
from db.queries.ticket_filters import TicketFilter
from db.queries.tickets import TicketDetail, ticket_by_id
from db.session import SYSTEM
from domain.errors import InvalidInput, NotFound
from domain.roles import Permission, Role
from domain.ticket_records import TicketCommand
from domain.tickets import TicketMove
from webhooks.answers import settled
from webhooks.auth import Caller
from webhooks.gate import PREFIX
from webhooks.idempotency import Source
from webhooks.state import WebState
from webhooks.ticket_shapes import TicketViewOut

PLACE = f"{PREFIX}/tickets"
HELPERS = frozenset({Role.SUPER_ADMIN, Role.ADMIN, Role.TEAM_EXPERT, Role.TECH})
"""Who may have a ticket."""


async def visible_ticket(web: WebState, caller: Caller, ticket_id: int) -> TicketDetail:
    """Return a ticket that the caller sees; raises ``NotFound``, also for what is another's."""
    async with web.settings.database.transaction(caller.tenants) as session:
        found = await ticket_by_id(session, ticket_id, TicketFilter(sight=caller.sight))
    if found is None:
        raise NotFound(noun="ticket")
    return found


def is_staff(caller: Caller, organization_id: int) -> bool:
    """Return whether the caller acts for the helpdesk there."""
    return caller.person.may(Permission.WORK_ON_TICKETS, organization_id)


def command(caller: Caller, ticket: TicketDetail, move: TicketMove, **given: Any) -> TicketCommand:  # noqa: ANN401 - fields
    """Return a move by this person."""
    person, organization = caller.person, ticket.organization_id
    return TicketCommand(
        move,
        person.user_id,
        person.name,
        actor_is_staff=is_staff(caller, organization),
        actor_may_review=person.may(Permission.REVIEW_TICKETS, organization),
        actor_may_manage=person.may(Permission.MANAGE_HELPDESK, organization),
        **given,
    )


async def moved(web: WebState, source: Source, ticket: TicketDetail, order: TicketCommand) -> TicketViewOut:
    """Ask for a move and return the ticket after it."""
    call = web.settings.gateway.tickets.move(source.text, ticket.number, order)
    return TicketViewOut.model_validate(await settled(call, see=f"{PLACE}/{ticket.ticket_id}"))


async def helper(web: WebState, ticket: TicketDetail, user_id: int, field: str) -> PersonRow:
    """Return somebody of the ticket's helpdesk; raises ``InvalidInput`` for anybody else."""
    async with web.settings.database.transaction(SYSTEM) as session:
        row = await person_row(session, user_id, ticket.organization_id)
    if row is None or not row.is_active or row.role not in HELPERS:
        raise InvalidInput(field=field, problem="no_such_helper")
    return row
