"""Replicas of the bot on the simulated Telegram and a database of the test's own."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Literal, cast

import httpx
import pytest
from PIL import Image
from sqlalchemy import text

from bot.api import tls
from bot.main import serve
from bot.parts import Parts, make_parts
from bot.render import TEMPLATES, Renderer
from bot.settings import BotSettings
from db.duty import set_quiet
from db.session import SYSTEM, Database
from domain.quiet import QuietHours
from siaga.simulator.person import Person
from siaga.simulator.serving import running
from siaga.simulator.settings import Settings
from tests.bot import small_content
from tests.bot.pace import let_run
from tests.bot.small_content import Stage
from tests.waiting import eventually

TOKEN = Settings().token
SECRET = "a-secret-key-for-tests-only"
POOL = 24


class NoFiles:
    """A byte store that holds nothing."""

    def put(self, content: bytes) -> str:
        raise NotImplementedError

    def get(self, sha256: str) -> bytes:
        raise FileNotFoundError(sha256)

    def forget(self, sha256: str) -> bool:
        raise NotImplementedError


@dataclass
class Replica:
    """One running bot process, as far as the test is concerned."""

    parts: Parts
    database: Database
    stop: asyncio.Event
    task: asyncio.Task[None]

    async def end(self) -> None:
        """Stop as a supervisor does."""
        self.stop.set()
        await self.task
        await self.database.dispose()

    async def kill(self) -> None:
        """Stop without a chance to tidy up."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.database.dispose()


@dataclass
class Telegram:
    """The simulated Telegram, its people, and the bots of one test."""

    url: str
    http: httpx.AsyncClient
    database_url: str
    database: Database
    stage: Stage
    people: list[Person] = field(default_factory=list)
    replicas: list[Replica] = field(default_factory=list)

    async def replica(
        self, mode: Literal["polling", "webhook"] = "polling", webhook_url: str = "", webhook_secret: str = ""
    ) -> Replica:
        """Start one more replica of the bot."""
        database = Database(self.database_url, pool_size=POOL)
        given = BotSettings(
            token=TOKEN,
            database=database,
            gateway=cast("Any", None),
            files=NoFiles(),
            secret_key=SECRET,
            base_url=f"{self.url}/bot",
            base_file_url=f"{self.url}/file/bot",
            mode=mode,
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
        )
        renderer = Renderer(folders=(small_content.TEMPLATES, TEMPLATES))
        parts = make_parts(given, self.stage.content(), renderer)
        stop = asyncio.Event()
        replica = Replica(parts, database, stop, asyncio.create_task(serve(parts, stop)))
        self.replicas.append(replica)
        return replica

    async def person(self, first_name: str = "Budi", *, linked: bool = True, zone: str = "") -> Person:
        """A person of the simulator who has started the bot; linked to a user with the same number.

        Only who is given a zone has quiet hours, so that tests say the same at night.
        """
        person = await Person.create(self.url, first_name)
        self.people.append(person)
        await person.start()
        if linked:
            await self.link(person, zone=zone)
        return person

    async def link(self, person: Person, *, zone: str = "") -> None:
        """Make a user of the person."""
        async with self.database.transaction(SYSTEM) as session:
            await session.execute(
                text(
                    "insert into users (id, name, language, time_zone) overriding system value "
                    "values (:id, :name, 'en', :zone)"
                ),
                {"id": person.id, "name": person.name, "zone": zone or "Asia/Jakarta"},
            )
            if not zone:
                await set_quiet(session, person.id, QuietHours(0, 0))
            await session.execute(
                text(
                    "insert into telegram_accounts (user_id, telegram_id, first_name) "
                    "values (:id, :id, :name)"
                ),
                {"id": person.id, "name": person.name},
            )

    async def fault(self, **fault: object) -> None:
        """Queue a fault."""
        (await self.http.post("/sim/faults", json=fault)).raise_for_status()

    async def push(self, update: object) -> None:
        """Deliver a raw update."""
        (await self.http.post("/sim/push", json=update)).raise_for_status()

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """What the bot called."""
        found: list[dict[str, Any]] = (await self.http.get("/sim/calls", params={"method": method})).json()
        return found

    async def violations(self) -> list[dict[str, Any]]:
        """What a strict Telegram would not have understood."""
        found: list[dict[str, Any]] = (await self.http.get("/sim/violations")).json()
        return found

    async def rows(self, statement: str, **values: object) -> list[Any]:
        """Look into the database."""
        async with self.database.transaction(SYSTEM) as session:
            return list(await session.execute(text(statement), values))

    async def settled(self) -> None:
        """Wait until no update and no delivery waits."""

        async def open_work() -> list[Any]:
            return await self.rows(
                "select lane from chat_lanes where last_n > done_n union all "
                "select state from deliveries where state in ('due', 'sending')"
            )

        await eventually(open_work, lambda found: not found, timeout_s=30)

    async def settled_but_later(self) -> None:
        """Wait until nothing is under way; what is due later may wait."""
        await eventually(
            lambda: self.rows(
                "select 1 from deliveries where state = 'sending' or (state = 'due' and due_at < now())"
            ),
            lambda found: not found,
        )


@pytest.fixture(scope="session")
def simulator_url() -> Iterator[str]:
    """One running simulator per test process, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    context = running(Settings())
    url = asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(30)
    yield url
    asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
async def telegram(simulator_url: str, database_url: str, database: Database) -> AsyncIterator[Telegram]:
    """A fresh world with Telegram's real limits; at the end nobody has broken the Bot API's rules."""
    async with httpx.AsyncClient(base_url=simulator_url, timeout=30, verify=tls()) as http:
        (await http.post("/sim/reset", json={"keep_bot": False})).raise_for_status()
        held = Telegram(simulator_url, http, database_url, database, Stage())
        yield held
        for replica in held.replicas:
            if not replica.task.done():
                await replica.end()
        for person in held.people:
            await person.close()
        assert await held.violations() == []
        (await http.post("/sim/reset", json={"keep_bot": False})).raise_for_status()


@pytest.fixture
async def without_pace(telegram: Telegram) -> None:
    """Telegram without limits, and bots that know it."""
    await let_run(telegram.database, telegram.http)


@pytest.fixture
def jpeg() -> Callable[[str], bytes]:
    """A small picture of a colour."""

    def make(color: str) -> bytes:
        buffer = io.BytesIO()
        Image.new("RGB", (320, 240), color).save(buffer, "JPEG")
        return buffer.getvalue()

    return make
