"""One verb on a ticket by a customer, from a tap, a dialog or a message: the same checks."""

from typing import Any

from bot.cards.ticket import of_pharmacy
from bot.context import SiagaContext
from db.queries.tickets import TicketDetail, ticket_by_id
from db.session import Scope
from domain.errors import NotFound
from domain.people import Membership, Person
from domain.roles import Permission
from domain.ticket_records import TicketCommand
from domain.tickets import TicketMove, TicketView


def is_customer(person: Person | None) -> bool:
    """Return whether what a person writes is for a helpdesk: a customer who does no field work besides."""
    if person is None or not person.pharmacies:
        return False
    return not person.organizations_with(Permission.DO_ASSIGNMENTS)


def works_besides(person: Person | None) -> bool:
    """Return whether a customer does field work too: what they write is asked about, not taken for one."""
    return person is not None and bool(person.pharmacies) and not is_customer(person)


def asks_pharmacy(person: Person) -> bool:
    """Return whether it has to be asked for which pharmacy somebody writes."""
    return len(person.pharmacies) > 1


def pharmacies_named(person: Person) -> str:
    """Return the names of a customer's pharmacies."""
    return ", ".join(held.pharmacy_name for held in person.pharmacies)


def workplace(context: SiagaContext, pharmacy_id: int | None = None) -> Membership:
    """Return the pharmacy a customer writes for: the given one, else the first, until they choose.

    Raises:
        NotFound: they do not work there, or at none.
    """
    at = (held for held in context.me.pharmacies if pharmacy_id in (None, held.pharmacy_id))
    found = next(at, None)
    if found is None:
        raise NotFound(noun="pharmacy")
    return found


def pharmacies_of(person: Person) -> list[int]:
    """Return the numbers of a customer's pharmacies."""
    return [held.pharmacy_id for held in person.pharmacies if held.pharmacy_id is not None]


def customers_scope(person: Person) -> Scope:
    """Return what a customer's transactions see: tickets of their pharmacies alone.

    Raises:
        NotFound: they work at none, and no pharmacy would mean all.
    """
    pharmacies = pharmacies_of(person)
    if not pharmacies:
        raise NotFound(noun="ticket")
    return Scope.of({held.organization_id for held in person.pharmacies}, pharmacies)


async def ticket_of(context: SiagaContext, ticket_id: int) -> TicketDetail:
    """Return a ticket of the customer's pharmacy; raises ``NotFound`` for any other."""
    async with context.transaction(customers_scope(context.me)) as session:
        found = await ticket_by_id(session, ticket_id)
    if found is None or not of_pharmacy(found, context.me):
        raise NotFound(noun="ticket")
    return found


async def move(
    context: SiagaContext,
    source: str,
    ticket: TicketDetail,
    verb: TicketMove,
    **details: Any,  # noqa: ANN401 - the fields of the command
) -> TicketView:
    """Ask the ticket's workflow for a customer's move; the workflow judges."""
    me = context.me
    command = TicketCommand(move=verb, actor_id=me.user_id, actor_name=me.name, **details)
    return context.settled(await context.gateway.tickets.move(source, ticket.number, command))
