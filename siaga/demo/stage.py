"""What the acts of the story share: its people, its parts, and what an act leaves to the next."""

from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client

from db.demo import PEOPLE
from db.demo_helpdesk import accounts
from siaga.demo.steps import Teller
from siaga.simulator.person import Message, Person, text_of
from siaga.stack.stack import Stack

NEWCOMER = "newcomer"
ORDER = (
    *("admin", "technician", "super_admin", "operator"),
    *("customer", "expert", "tech", "helpdesk_admin", "expert_2", "colleague", "customer_2"),
)


@dataclass(frozen=True)
class Stage:
    """Where the story is played; ``folder`` is that of the box which is installed."""

    stack: Stack
    temporal: Client
    folder: Path
    teller: Teller
    people: dict[str, Person]

    @property
    def admin(self) -> Person:
        """Who registers machines and gives out work."""
        return self.people["admin"]

    @property
    def technician(self) -> Person:
        """Who goes there and does it."""
        return self.people["technician"]

    @property
    def operator(self) -> Person:
        """Who is asked beside the technician."""
        return self.people["operator"]


async def says(who: Person, asked: str, text: str) -> None:
    """Answer a question that contains a word."""
    await question(who, asked)
    await who.send(text)


async def question(who: Person, word: str) -> Message:
    """Wait until the bot asks something with this word in it."""
    return await who.wait_for(lambda message: word in text_of(message).lower())


async def people_with_phones(simulator: str) -> dict[str, Person]:
    """Give the story's people a phone each, under the accounts that the demo's data knows.

    The chat page shows as many as fit side by side, in this order. The newcomer has no account yet.
    """
    known = {person.key: person for person in (*PEOPLE, *accounts())}
    people = {
        key: await Person.create(
            simulator, known[key].name, id=known[key].telegram_id, language_code=known[key].language
        )
        for key in ORDER
    }
    return people | {NEWCOMER: await Person.create(simulator, "Wati")}
