"""Two hundred people of four helpdesks: who they are, what they write, and what each of them reads."""

import asyncio
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy.ext.asyncio import AsyncSession

from db.duty import set_quiet
from db.models.core import MembershipRow, Organization, TelegramAccount, User
from db.models.helpdesk import Pharmacy
from db.queries.helpdesk import categories, modules
from db.queries.new_tickets import NewTicket, new_ticket
from db.session import SYSTEM
from db.staff_groups import GroupFacts, link_group
from db.ticket_followers import follow
from domain.priorities import Priority
from domain.quiet import QuietHours
from domain.roles import Role
from domain.ticket_records import TicketCommand
from domain.tickets import TicketDraft, TicketMove, TicketSource, TicketView
from siaga.simulator.person import Message, text_of
from tests.bot.scenes.world import World
from tests.waiting import eventually
from tests.workflows.field import answered

HELPDESKS, PHARMACIES, COLLEAGUES = 4, 10, 4
"""Each pharmacy has one ticket, an expert who holds it, and colleagues who all write in it."""
WORDS = 2
"""Messages of each person; the expert writes a remark more, which stays inside."""
FIRST_ACCOUNT = 20_000
_SAID = re.compile(r"T\d\d-[A-Z]\d-\d")


@dataclass
class Somebody:
    """A person with a phone."""

    user_id: int
    account: int
    name: str


@dataclass
class Trouble:
    """A ticket, who holds it in which topic, and who writes in it from the pharmacy."""

    number: int
    expert: Somebody
    customers: list[Somebody]
    helpdesk: str
    organization: int
    pharmacy: int
    chat: int
    view: TicketView | None = None
    topic: int = 0

    def lines(self, who: Somebody) -> list[str]:
        """Return what a person writes, in order."""
        letter = "S0" if who is self.expert else f"C{self.customers.index(who)}"
        return [f"T{self.number:02}-{letter}-{part}" for part in range(WORDS)]

    @property
    def ticket(self) -> TicketView:
        assert self.view is not None
        return self.view


@dataclass
class Crowd:
    """Everybody, in the world they write in."""

    world: World
    troubles: list[Trouble] = field(default_factory=list)
    accounts: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_ACCOUNT))

    @classmethod
    async def of(cls, world: World) -> Self:
        """Return four helpdesks with their groups linked and their tickets taken."""
        crowd = cls(world)
        # Helpdesks without an admin ask the super admin for their holidays in December, who needs a phone.
        await world.player("super_admin")
        for number in range(HELPDESKS):
            await crowd._helpdesk(f"Helpdesk {number}")
        for one in crowd.troubles:
            await crowd._open(one)
        await crowd.quiet()
        rows = await world.rows("select ticket_id, thread_id from ticket_topics")
        topics = {row.ticket_id: row.thread_id for row in rows}
        for one in crowd.troubles:
            one.topic = topics[one.ticket.ticket_id]
        return crowd

    async def everybody_writes(self) -> None:
        """Let all of them write at once, each their messages in order and without waiting for anything."""
        await asyncio.gather(
            *(self._write(one, customer) for one in self.troubles for customer in one.customers),
            *(self._answer(one) for one in self.troubles),
        )

    async def quiet(self) -> None:
        """Wait until all that was written is stored, handled and sent."""
        sent = await self.world.http.get("/sim/updates")
        newest = max((one["update"]["update_id"] for one in sent.json()), default=0)

        async def open_work() -> list[Any]:
            return await self.world.rows(
                "select 1 as n where not exists (select from telegram_updates where update_id >= :newest)"
                " union all select 1 from chat_lanes where last_n > done_n"
                " union all select 1 from deliveries"
                " where state in ('due', 'sending') and due_at < now() + interval '30 s'",
                newest=newest,
            )

        await eventually(open_work, lambda found: not found, timeout_s=150)

    async def topic_says(self, one: Trouble) -> list[str]:
        """Return what the ticket's topic shows of the pharmacy's words, from top to bottom."""
        shown = await self._messages(one.expert, one.chat)
        relayed = [it for it in shown if it.get("message_thread_id") == one.topic and it["from"]["is_bot"]]
        return [said for it in relayed if text_of(it).startswith("💬") for said in _SAID.findall(text_of(it))]

    async def phone_says(self, one: Trouble, customer: Somebody) -> list[str]:
        """Return what a customer's phone shows of the staff's words, from top to bottom."""
        speaker = f"{one.expert.name} · {one.helpdesk}\n"
        shown = [text_of(it) for it in await self._messages(customer, customer.account)]
        return [said for text in shown if text.startswith(speaker) for said in _SAID.findall(text)]

    async def phone_shows(self, customer: Somebody) -> str:
        """Return everything on a customer's phone."""
        return str(await self._messages(customer, customer.account))

    async def _messages(self, who: Somebody, chat: int) -> list[Message]:
        answer = await self.world.http.get(f"/sim/people/{who.account}/chats/{chat}/messages")
        return list(answer.raise_for_status().json())

    async def _write(self, one: Trouble, customer: Somebody) -> None:
        for line in one.lines(customer):
            await self._send(customer, text=line)

    async def _answer(self, one: Trouble) -> None:
        await self._send(one.expert, text=f"dalam T{one.number:02}", chat=one.chat, thread=one.topic)
        for line in one.lines(one.expert):
            await self._send(one.expert, text=f"/r {line}", chat=one.chat, thread=one.topic)

    async def _send(self, who: Somebody, **message: object) -> None:
        answer = await self.world.http.post(f"/sim/people/{who.account}/messages", json=message, timeout=120)
        answer.raise_for_status()

    async def _helpdesk(self, name: str) -> None:
        """Found a helpdesk: experts in a group with topics, pharmacies with their people."""
        async with self.world.field.database.transaction(SYSTEM) as session:
            organization = Organization(name=name)
            session.add(organization)
            await session.flush()
            experts = [
                await self._hired(session, f"Ahli {number}", organization.id, Role.TEAM_EXPERT)
                for number in range(PHARMACIES)
            ]
        chat = await self._group(name, experts, organization.id)
        for expert in experts:
            async with self.world.field.database.transaction(SYSTEM) as session:
                place = Pharmacy(organization_id=organization.id, name=f"Apotek {len(self.troubles)}")
                session.add(place)
                await session.flush()
                customers = [
                    await self._hired(session, f"Kasir {number}", organization.id, Role.CUSTOMER, place.id)
                    for number in range(COLLEAGUES)
                ]
            number, place_id = len(self.troubles), place.id
            self.troubles.append(Trouble(number, expert, customers, name, organization.id, place_id, chat))

    async def _hired(
        self, session: AsyncSession, name: str, organization: int, role: Role, pharmacy: int | None = None
    ) -> Somebody:
        """Let somebody work somewhere, with a phone on which the bot was started some day."""
        account = next(self.accounts)
        user = User(name=f"{name}-{account}", email=f"u{account}@example.com", language="id")
        session.add(user)
        await session.flush()
        held = {"organization_id": organization, "role": role, "pharmacy_id": pharmacy}
        session.add(MembershipRow(user_id=user.id, **held))
        session.add(TelegramAccount(user_id=user.id, telegram_id=account, first_name=user.name))
        await set_quiet(session, user.id, QuietHours(0, 0))
        phone = {"id": account, "first_name": user.name, "started": True}
        (await self.world.http.post("/sim/people", json=phone)).raise_for_status()
        return Somebody(user.id, account, user.name)

    async def _group(self, name: str, experts: list[Somebody], organization: int) -> int:
        wanted = {"title": name, "is_forum": True, "members": [one.account for one in experts]}
        made = await self.world.http.post("/sim/groups", json=wanted)
        chat = int(made.raise_for_status().json()["id"])
        facts = GroupFacts(chat, name, is_forum=True, problem=None)
        async with self.world.field.database.transaction(SYSTEM) as session:
            given = {"organization_id": organization, "actor_id": experts[0].user_id}
            await link_group(session, facts, source=f"link {name}", **given)
        return chat

    async def _open(self, one: Trouble) -> None:
        """Open the ticket as the first of the pharmacy's people, let the others follow, and take it."""
        tickets, source = self.world.gateway.tickets, f"crowd-{one.number}"
        async with self.world.field.database.transaction(SYSTEM) as session:
            opener = one.customers[0].user_id
            order = NewTicket(
                pharmacy_id=one.pharmacy,
                opened_by=opener,
                customer_id=opener,
                source=TicketSource.CUSTOMER,
                priority=Priority.MEDIUM,
                module_id=(await modules(session, one.organization))[0].id,
                category_id=(await categories(session, one.organization))[0].id,
                draft=TicketDraft(f"Kendala {one.number}"),
            )
            state = await new_ticket(session, order, source)
        one.view = await answered(lambda: tickets.open(source, state))
        async with self.world.field.database.transaction(SYSTEM) as session:
            for colleague in one.customers[1:]:
                await follow(session, one.view.ticket_id, colleague.user_id, one.organization)
        expert = one.expert
        take = TicketCommand(
            TicketMove.TAKE, expert.user_id, expert.name, actor_is_staff=True, actor_may_review=True
        )
        await answered(lambda: tickets.move(f"{source}-take", one.ticket.number, take))
