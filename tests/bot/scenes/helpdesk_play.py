"""Who plays in the helpdesk's conversation, what they do again and again, and what a pharmacy can read."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from pypdf import PdfReader

from db.people import create_token
from db.session import SYSTEM
from db.store import LocalStore
from domain.tickets import TicketStatus, TicketView
from siaga.simulator.person import Message, Person, labels, text_of
from tests.bot.scenes.test_relays import reaction
from tests.bot.scenes.test_staff_group import linked, named
from tests.bot.scenes.world import World
from tests.webhooks.conftest import served
from tests.workflows.desk import Desk
from webhooks.settings import WebSettings

INSIDE, OUTSIDE = "🙊", "🕊"
SECRET = "RAHASIA"
"""Stands in everything that must not leave the staff's group."""


@dataclass
class Play:
    """The pharmacy's people, the staff in their group, and the ticket they talk about."""

    world: World
    desk: Desk
    chat: int
    maya: Person
    rina: Person
    bayu: Person
    dimas: Person
    sari: Person
    putri: Person
    wayan: Person
    card: Message = field(default_factory=dict)
    """The ticket's card in its topic, as it came first."""
    tickets: dict[str, TicketView] = field(default_factory=dict)

    @classmethod
    async def of(cls, world: World) -> Self:
        """Return everybody, on a Monday when the helpdesk has just opened."""
        desk = await Desk.of(world.field)
        await desk.until(0, 8, 1)
        chat, (maya, rina, bayu, dimas) = await linked(world, "expert", "expert_2", "tech")
        sari, putri, wayan = [await world.player(key) for key in ("customer", "colleague", "customer_2")]
        return cls(world, desk, chat, maya, rina, bayu, dimas, sari, putri, wayan)

    @property
    def customers(self) -> tuple[Person, Person, Person]:
        """Everybody who works at a pharmacy."""
        return self.sari, self.putri, self.wayan

    async def opened(self, customer: Person, draft: Message, effect: str) -> TicketView:
        """Send a draft and wait until the ticket is on the customer's card and in its topic."""
        await customer.tap("Kirim", draft)
        await customer.tap(effect, await customer.wait_for("tiket langsung terkirim", after=draft))
        await customer.wait_for("📨 Terkirim", after=draft)
        row = (await self.world.rows("select id, number, priority from tickets order by id desc limit 1"))[0]
        ticket = TicketView(row.id, row.number, TicketStatus.OPEN, row.priority)
        await self.shows(customer, ticket, "Baru", "belum ada yang memegang")
        self.card = await self.in_topic(self.rina, f"{ticket.number} ·")
        self.tickets[customer.name] = ticket
        return ticket

    async def shows(self, customer: Person, ticket: TicketView, *words: str) -> Message:
        """Wait until the ticket's card on a customer's phone says all of the words."""

        def fits(one: Message) -> bool:
            said = text_of(one)
            is_card = f"{ticket.number} ·" in said.partition("\n")[0] and "Riwayat" in labels(one)
            return is_card and all(word in said for word in words)

        return await customer.wait_for(fits)

    async def in_topic(self, person: Person, words: str, after: Message | None = None) -> Message:
        """Wait until the group shows somebody's or the bot's words."""
        return await person.wait_for(words, chat=self.chat, after=after)

    async def topic_is(self, name: str, *, closed: bool = False) -> None:
        """Wait until a topic of the group has a name."""
        await named(self.maya, self.chat, name, closed=closed)

    async def write(self, person: Person, words: str, reply_to: Message | None = None) -> Message:
        """Write in the ticket's topic."""
        return await person.send(words, **self.here(reply_to))

    async def inside(self, person: Person, words: str, reply_to: Message | None = None) -> None:
        """Write in the topic what stays there, and see the mark that says so."""
        assert SECRET in words
        said = await self.write(person, words, reply_to)
        assert await reaction(person, self.chat, said) == INSIDE

    async def answer(self, person: Person, words: str, reply_to: Message) -> Message:
        """Reply in the topic to what the customer said, and see the mark that says that it left."""
        said = await self.write(person, words, reply_to)
        assert await reaction(person, self.chat, said) == OUTSIDE
        return said

    async def press(self, person: Person, *presses: str, until: str = "") -> None:
        """Press buttons in the ticket's topic one after the other, and wait for the words that follow."""
        for label in presses:

            def shows_it(one: Message, label: str = label) -> bool:
                return self.is_here(one) and any(label in shown for shown in labels(one))

            await person.tap(label, await person.wait_for(shows_it, chat=self.chat))
        if until:
            await self.in_topic(person, until)

    def is_here(self, one: Message) -> bool:
        """Whether a message stands in the ticket's topic."""
        return bool(one.get("message_thread_id") == self.card["message_thread_id"])

    def here(self, reply_to: Message | None = None) -> dict[str, Any]:
        """Return where a message goes: into the ticket's topic, maybe as a reply."""
        place = {"chat": self.chat, "thread": self.card["message_thread_id"]}
        return place | ({"reply_to": reply_to["message_id"]} if reply_to else {})

    async def hours_later(self, hours: float) -> None:
        """Let working time pass."""
        await self.world.settled()
        await self.desk.field.temporal.sleep(timedelta(hours=hours))

    async def quiet(self, person: Person) -> list[Message]:
        """Return what a phone shows once nothing is under way any more."""
        await self.world.settled()
        return [one for one in await person.messages() if one["from"]["id"] != person.id]

    async def papers(self, person: Person, ticket: TicketView) -> str:
        """Return what a pharmacy can take along: its tickets as CSV, a ticket's story as PDF and in chat."""
        asked = await person.send("/tiket")
        listed = await person.wait_for("Tiket Apotek", after=asked)
        await person.tap("CSV", listed)
        table = await self._file(await person.wait_for(is_file("tickets.csv"), after=asked))
        await person.tap(ticket.number, listed)
        await person.tap("PDF", await self.shows(person, ticket))
        paper = await self._file(await person.wait_for(is_file(f"{ticket.number}.pdf"), after=asked))
        pages = PdfReader(io.BytesIO(paper)).pages
        await person.send(f"/kenapa {ticket.number}")
        story = await person.wait_for(lambda one: "membuka tiket" in text_of(one), after=asked)
        parts = [text_of(listed), table.decode(), *(page.extract_text() for page in pages), text_of(story)]
        return "\n".join(parts)

    async def _file(self, message: Message) -> bytes:
        answer = await self.world.http.get(f"/sim/files/{message['document']['file_id']}")
        return answer.raise_for_status().content

    async def by_api(self, email: str) -> str:
        """Return all that a person of a pharmacy reads of its tickets by the API."""
        field = self.world.field
        query = "select id from users where email = :email"
        user = (await self.world.rows(query, email=email))[0].id
        async with field.database.transaction(SYSTEM) as session:
            token = await create_token(session, user, "test", ["read", "write"])
        settings = WebSettings(field.database, field.gateway, field.cipher, LocalStore(self.world.folder))
        told = []
        async with served(settings) as http:
            http.headers["Authorization"] = f"Bearer {token}"
            for ticket in self.tickets.values():
                one = f"/api/v1/tickets/{ticket.ticket_id}"
                for path in ("/api/v1/tickets", one, f"{one}/activities", f"{one}/attachments"):
                    answer = await http.get(path)
                    told.append(f"{answer.status_code} {path} {answer.text}")
        return "\n".join(told)


def is_file(name: str) -> Callable[[Message], bool]:
    """Return whether a message brings a file of a name."""
    return lambda one: one.get("document", {}).get("file_name") == name


def has(kind: str) -> Callable[[Message], bool]:
    """Return whether a message brings a file of a kind."""
    return lambda one: kind in one


def file_of(message: Message) -> str:
    """Return what tells a message's file from all others; empty when it brings none."""
    file = message["photo"][-1] if "photo" in message else message.get("voice", {})
    return str(file.get("file_unique_id", ""))
