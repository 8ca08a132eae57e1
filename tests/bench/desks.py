"""Helpdesks that are measured: a pharmacy each, whose customers have phones, and a Telegram group."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from db.models.core import MembershipRow, Organization, TelegramAccount, User
from db.models.helpdesk import Pharmacy, StaffGroup
from db.queries.helpdesk import categories, modules
from db.queries.new_tickets import NewTicket, new_ticket
from db.session import SYSTEM
from domain.priorities import Priority
from domain.roles import Role
from domain.tickets import TicketDraft, TicketSource, TicketState, TicketView
from tests.bench.world import World
from workflows.client import Noted

FIRST_CUSTOMER = 800_000


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody at a till."""

    user_id: int
    telegram_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A helpdesk; ``chat_id`` is its group, 0 without one."""

    organization_id: int
    pharmacy_id: int
    customers: Sequence[Customer]
    chat_id: int = 0


async def add_desk(world: World, number: int, customers: int) -> Desk:
    """Write an organization, the pharmacy it serves and who works there."""
    async with world.database.transaction(SYSTEM) as session:
        organization = Organization(name=f"Desk {number}", subscription_plan="enterprise")
        session.add(organization)
        await session.flush()
        pharmacy = Pharmacy(organization_id=organization.id, name=f"Apotek {number}", app_version="4.2.1")
        people = [
            User(name=f"Customer {number}-{place}", email=f"customer-{number}-{place}@bench.example")
            for place in range(customers)
        ]
        session.add_all([pharmacy, *people])
        await session.flush()
        found = [
            Customer(one.id, FIRST_CUSTOMER + number * 100 + place, one.name)
            for place, one in enumerate(people)
        ]
        for one in found:
            role = MembershipRow(
                user_id=one.user_id,
                organization_id=organization.id,
                role=Role.CUSTOMER,
                pharmacy_id=pharmacy.id,
            )
            account = TelegramAccount(user_id=one.user_id, telegram_id=one.telegram_id, first_name=one.name)
            session.add_all([role, account])
        return Desk(organization.id, pharmacy.id, found)


async def add_phones(world: World, desk: Desk, phone: httpx.AsyncClient) -> Desk:
    """Let a desk's customers start the bot, and give the desk its group, where the bot may make topics."""
    for one in desk.customers:
        await phone.post("/sim/people", json={"id": one.telegram_id, "first_name": one.name})
        await phone.post(f"/sim/people/{one.telegram_id}/start", json={"payload": ""})
    wanted = {"title": "Desk", "is_forum": True, "members": [desk.customers[0].telegram_id]}
    chat_id = int((await phone.post("/sim/groups", json=wanted)).raise_for_status().json()["id"])
    async with world.database.transaction(SYSTEM) as session:
        session.add(
            StaffGroup(
                chat_id=chat_id, organization_id=desk.organization_id, title=wanted["title"], is_forum=True
            )
        )
    return dataclasses.replace(desk, chat_id=chat_id)


async def open_ticket(world: World, desk: Desk, customer: Customer, **changes: object) -> TicketView:
    """Open a ticket of a customer as the draft card does; ``changes`` are fields of its state."""
    source = world.source()
    async with world.database.transaction(SYSTEM) as session:
        order = NewTicket(
            pharmacy_id=desk.pharmacy_id,
            opened_by=customer.user_id,
            customer_id=customer.user_id,
            source=TicketSource.CUSTOMER,
            priority=Priority.URGENT,
            module_id=(await modules(session, desk.organization_id))[0].id,
            category_id=(await categories(session, desk.organization_id))[0].id,
            draft=TicketDraft("Kasir tidak bisa cetak struk."),
        )
        state: TicketState = dataclasses.replace(await new_ticket(session, order, source), **changes)  # type: ignore[arg-type]
    opened = None
    while opened is None or isinstance(opened, Noted):
        opened = await world.gateway.tickets.open(source, state)
    return opened
