"""The whole product over free ports and a data folder of the test's own, with phones to play on."""

import contextlib
import dataclasses
import io
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import text
from temporalio.testing import WorkflowEnvironment

from db.secrets import Cipher
from db.seed import seed_demo
from db.session import SYSTEM, Database
from domain.assignments import AssignmentView
from siaga.demo.stage import NEWCOMER, people_with_phones
from siaga.settings import Settings
from siaga.simulator.person import Message, Person, labels
from siaga.stack.console import Console
from siaga.stack.stack import PRODUCT, SIMULATOR_TOKEN, Part, Ports, Stack
from siaga.stack.supervisor import Program
from siaga.temporal import connect
from tests.bot.pace import let_run
from tests.siaga.conftest import a_data_dir, data_dir  # noqa: F401 - the fixture
from tests.workflows.field import Field
from workflows.client import Gateway

PATIENCE_S = 60.0
"""Other tests share the machine, so a wait that ends well may be long."""


class Outage:
    """A program of the stack that is killed, at once or for a while."""

    def __init__(self, stack: Stack, name: str) -> None:
        self._child = stack.supervisor.child(name)

    @contextlib.contextmanager
    def lasts(self) -> Iterator[None]:
        """Inside, the program is gone; afterwards the supervisor brings it back by itself.

        Where it looks for the program to start again it finds one that does nothing, so the outage lasts as
        long as the test wants.
        """
        real = self._child.program
        self._child.program = Program(name=real.name, command=("/bin/sleep", "600"), log=real.log)
        self.strike()
        try:
            yield
        finally:
            self._child.program = real
            self.strike()

    def strike(self) -> None:
        """``kill -9`` the running process, if there is one just now."""
        if self._child.pid is not None:
            os.kill(self._child.pid, signal.SIGKILL)


@dataclass
class Site:
    """What a test of the whole holds: the running stack, people with phones, and a look into the database."""

    stack: Stack
    field: Field
    people: dict[str, Person]
    keys: dict[str, str]
    simulator: str
    bot_api: httpx.AsyncClient = dataclasses.field(default_factory=httpx.AsyncClient)

    async def rows(self, statement: str, **values: Any) -> list[Any]:  # noqa: ANN401 - any parameter
        """Look into the database."""
        async with self.field.database.transaction(SYSTEM) as session:
            return list(await session.execute(text(statement), values))

    async def times_recorded(self, move: str, tasks: Iterable[AssignmentView]) -> list[int]:
        """How many events of that move each of the assignments has."""
        found = await self.rows(
            "select assignment_id, count(*) from assignment_events where move = :move group by 1", move=move
        )
        counts = {row[0]: int(row[1]) for row in found}
        return [counts.get(task.assignment_id, 0) for task in tasks]

    async def end_leases(self) -> None:
        """Let what a killed bot had in hand be anybody's at once: its leases would end in half a minute."""
        await self.rows("update chat_lanes set lease_until = clock_timestamp() returning lane")
        await self.rows("update send_lanes set lease_until = clock_timestamp() returning chat_id")
        await self.rows(
            "update deliveries set updated_at = updated_at - interval '1 minute' where state = 'sending' "
            "returning id"
        )

    async def unacknowledged(self) -> int:
        """How many updates Telegram still holds for the bot."""
        answer = await self.bot_api.post(f"{self.simulator}/bot{SIMULATOR_TOKEN}/getWebhookInfo")
        return int(answer.json()["result"]["pending_update_count"])


def same(card: Message, word: str) -> Callable[[Message], bool]:
    """What ``Person.wait_for`` looks for: that a card, in its place, now says a word."""
    return lambda message: message["message_id"] == card["message_id"] and word in message.get("text", "")


async def cards_with(person: Person, button: str) -> list[Message]:
    """The messages on a phone that show a button."""
    return [one for one in await person.messages() if button in labels(one)]


def says(*words: str) -> Callable[[Message], bool]:
    """What ``Person.wait_for`` looks for: a message with all of these words, in any case."""

    def holds(message: Message) -> bool:
        shown = (message.get("text") or message.get("caption") or "").casefold()
        return all(word.casefold() in shown for word in words)

    return holds


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_site() -> AsyncIterator[Site]:
    """One stack for all tests that play on a whole one: to start it takes as long as most of them."""
    with a_data_dir() as folder:
        async with standing(folder) as held:
            yield held


@pytest_asyncio.fixture(loop_scope="session")
async def site(shared_site: Site) -> AsyncIterator[Site]:
    """The stack with the demo's people; at the end the bot broke no rule of Telegram and gave nothing up."""
    yield shared_site
    parked = await shared_site.rows(
        "select update_id, error from telegram_updates where parked_at is not null"
    )
    violations = (await shared_site.bot_api.get(f"{shared_site.simulator}/sim/violations")).json()
    assert parked == []
    assert violations == []


@asynccontextmanager
async def standing(folder: Path) -> AsyncIterator[Site]:
    """A site, up, without Telegram's pace; gone afterwards."""
    settings = Settings(data_dir=folder, api_port=0)
    quiet = Console(io.StringIO())
    async with AsyncExitStack() as closing:
        stack = await closing.enter_async_context(
            Stack(
                settings, PRODUCT | {Part.SIMULATOR}, ports=Ports(0, 0, 0), console=quiet, logs_to_files=True
            )
        )
        database = Database(stack.settings.database_url)
        closing.push_async_callback(database.dispose)
        cipher = Cipher(stack.settings.secret_key)
        keys = await seed_demo(database, cipher)
        client = await connect(stack.settings)
        field = await Field.of(WorkflowEnvironment.from_client(client), database, cipher)
        field.gateway = Gateway(client, rpc_timeout_s=20)
        assert stack.addresses.simulator is not None
        site = Site(
            stack, field, await people_with_phones(stack.addresses.simulator), keys, stack.addresses.simulator
        )
        closing.push_async_callback(site.bot_api.aclose)
        site.bot_api.base_url = httpx.URL(site.simulator)
        await let_run(database, site.bot_api)
        for key, person in site.people.items():
            await closing.enter_async_context(person)
            await person.start()
            await person.wait_for("Halo" if key == NEWCOMER else person.name, PATIENCE_S)
        yield site
