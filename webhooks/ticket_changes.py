"""The one verb that a change of a ticket is (decision 13)."""

import dataclasses

from db.queries.helpdesk import categories, modules, ticket_policy
from db.queries.machines import machine_by_id
from db.queries.ticket_filters import TicketFilter
from db.queries.tickets import TicketDetail, ticket_by_number
from domain.errors import InvalidInput, NotFound
from domain.ticket_records import Sorting, TicketCommand
from domain.ticket_verbs import verb_for
from domain.tickets import TicketMove
from webhooks.auth import Caller
from webhooks.state import WebState
from webhooks.ticket_rows import command, helper, is_staff
from webhooks.ticket_shapes import TicketChange


async def order_of(web: WebState, caller: Caller, ticket: TicketDetail, body: TicketChange) -> TicketCommand:
    """Return the command.

    Raises:
        InvalidInput: it is no verb or several at once, or names what does not hold here.
        NotPossibleNow: no verb leads to the status it asks for.
        NotFound: the caller sees no such ticket or machine.
    """
    order = command(caller, ticket, _verb(caller, ticket, body), note=body.note, reason=body.reason)
    match order.move:
        case TicketMove.SORT:
            return dataclasses.replace(order, sorting=await _sorting(web, caller, ticket, body))
        case TicketMove.FORWARD | TicketMove.HAND_OVER:
            to = body.tech_id if order.move == TicketMove.FORWARD else body.expert_id
            row = None if to is None else await helper(web, ticket, to, "tech_id")
            return dataclasses.replace(order, to_id=to, to_name=row.name if row else "")
        case TicketMove.RATE:
            return dataclasses.replace(order, rating=body.rating)
        case TicketMove.MERGE:
            return dataclasses.replace(order, into=await _other(web, caller, ticket, body.merged_into or ""))
        case TicketMove.LINK:
            await _require_machine(web, caller, ticket, body.machine_id or 0)
            return dataclasses.replace(order, machine_id=body.machine_id)
        case _:
            return order


def _verb(caller: Caller, ticket: TicketDetail, body: TicketChange) -> TicketMove:
    verbs = {
        TicketMove.SORT: any((body.module_id, body.category_id, body.priority)),
        TicketMove.HAND_OVER: body.expert_id is not None,
        TicketMove.RATE: body.rating is not None,
        TicketMove.MERGE: body.merged_into is not None,
        TicketMove.LINK: body.machine_id is not None,
        TicketMove.FORWARD: body.tech_id is not None and body.status is None,
    }
    wanted = [verb for verb, is_wanted in verbs.items() if is_wanted]
    if body.status is not None:
        by_staff = is_staff(caller, ticket.organization_id)
        named = body.tech_id is not None
        wanted.append(verb_for(ticket.status, body.status, by_staff=by_staff, names_tech=named))
    if len(wanted) != 1:
        raise InvalidInput(field="status", problem="one_verb")
    return wanted[0]


async def _sorting(web: WebState, caller: Caller, ticket: TicketDetail, body: TicketChange) -> Sorting:
    organization = ticket.organization_id
    async with web.settings.database.transaction(caller.tenants) as session:
        known = {
            "module_id": {one.id for one in await modules(session, organization)},
            "category_id": {one.id for one in await categories(session, organization)},
        }
        policy = await ticket_policy(session, organization, body.priority) if body.priority else None
    for field, numbers in known.items():
        if getattr(body, field) not in (None, *numbers):
            raise InvalidInput(field=field, problem="unknown_choice")
    return Sorting(body.module_id, body.category_id, body.priority, policy)


async def _other(web: WebState, caller: Caller, ticket: TicketDetail, number: str) -> str:
    """Return the number of the ticket it is merged into: one of the same pharmacy, whose people follow it."""
    async with web.settings.database.transaction(caller.tenants) as session:
        other = await ticket_by_number(session, number, TicketFilter(sight=caller.sight))
    if other is None:
        raise NotFound(noun="ticket")
    if other.pharmacy_id != ticket.pharmacy_id:
        raise InvalidInput(field="merged_into", problem="other_pharmacy")
    return other.number


async def _require_machine(web: WebState, caller: Caller, ticket: TicketDetail, machine_id: int) -> None:
    async with web.settings.database.transaction(caller.tenants) as session:
        machine = await machine_by_id(session, machine_id)
    if machine is None or machine.organization_id not in caller.organizations:
        raise NotFound(noun="machine")
    if not is_staff(caller, ticket.organization_id):
        raise NotFound(noun="machine")
