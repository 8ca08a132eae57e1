"""The demo's people on the simulated Telegram, with the real bot, workflows and database behind it."""

import asyncio
import dataclasses
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from sqlalchemy import text

from bot import registry
from bot.main import serve
from bot.parts import make_parts
from bot.settings import BotSettings
from db.demo import PEOPLE
from db.demo_helpdesk import accounts
from db.session import SYSTEM, Database
from db.store import LocalStore
from siaga.simulator.person import Person, describe
from siaga.simulator.settings import Settings
from tests.conftest import SECRET_KEY
from tests.waiting import eventually
from tests.workflows.field import Field
from workflows.client import Gateway


@dataclass
class World:
    """One scene: who plays, and what can be looked into."""

    url: str
    field: Field
    folder: Path
    http: httpx.AsyncClient
    players: dict[str, Person] = dataclasses.field(default_factory=dict)
    stop: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)
    bot: asyncio.Task[None] | None = None
    pool: Database | None = None

    @property
    def gateway(self) -> Gateway:
        """The door to the workflows."""
        return self.field.gateway

    async def begin(self, ui_url: str = "") -> None:
        """Start the bot."""
        self.pool = Database(self.field.database.url, pool_size=24)
        settings = BotSettings(
            token=Settings().token,
            database=self.pool,
            gateway=self.gateway,
            files=LocalStore(self.folder),
            secret_key=SECRET_KEY,
            base_url=f"{self.url}/bot",
            base_file_url=f"{self.url}/file/bot",
            ui_url=ui_url,
        )
        parts = make_parts(settings, registry.content(settings))
        self.bot = asyncio.create_task(serve(parts, self.stop))

    async def end(self) -> None:
        """Stop the bot as a supervisor does."""
        self.stop.set()
        if self.bot is not None:
            await self.bot
        if self.pool is not None:
            await self.pool.dispose()
        for player in self.players.values():
            await player.close()

    async def player(self, key: str) -> Person:
        """One of the demo's people, by key of ``db.demo``."""
        if key not in self.players:
            known = next(person for person in (*PEOPLE, *accounts()) if person.key == key)
            self.players[key] = await Person.create(
                self.url, known.name, id=known.telegram_id, username=known.key, language_code=known.language
            )
            await self.players[key].start()
            await self.players[key].wait_for(known.name)
        return self.players[key]

    async def stranger(self, first_name: str, **more: object) -> Person:
        """Somebody whom the database does not know."""
        self.players[first_name] = await Person.create(self.url, first_name, **more)
        return self.players[first_name]

    async def group(self, *members: Person, forum: bool = True, **more: object) -> int:
        """A group of some people with the bot in it; return its chat id."""
        wanted = {"title": "Tim Pharmadesk", "is_forum": forum, "members": [one.id for one in members]}
        made = await self.http.post("/sim/groups", json=wanted | more)
        return int(made.raise_for_status().json()["id"])

    async def api(self, method: str, given: dict[str, Any]) -> Any:  # noqa: ANN401 - each method has its own
        """Call the Bot API as the bot: what an administrator of a group would do by hand."""
        answer = await self.http.post(f"/bot{Settings().token}/{method}", data=given)
        body = answer.json()
        assert body["ok"], body
        return body["result"]

    async def rows(self, statement: str, **values: Any) -> list[Any]:  # noqa: ANN401 - any parameter
        """Look into the database."""
        async with self.field.database.transaction(SYSTEM) as session:
            return list(await session.execute(text(statement), values))

    async def settled(self) -> None:
        """Wait until no update and no delivery waits."""

        async def open_work() -> list[Any]:
            return await self.rows(
                "select lane from chat_lanes where last_n > done_n union all "
                "select state from deliveries "
                "where state in ('due', 'sending') and due_at < now() + interval '5 s'"
            )

        await eventually(open_work, lambda found: not found, timeout_s=30)

    async def violations(self) -> list[dict[str, Any]]:
        """What a strict Telegram would not have understood."""
        found: list[dict[str, Any]] = (await self.http.get("/sim/violations")).json()
        return found

    async def parked(self) -> list[Any]:
        """Updates that were given up."""
        return await self.rows("select update_id, error from telegram_updates where parked_at is not null")

    async def transcript(self) -> str:
        """What everybody's phone shows, for a person to read."""
        parts = []
        for key, player in self.players.items():
            lines = [describe(one) for one in await player.messages()]
            parts.append(f"=== {key}\n" + "\n".join(lines))
        return "\n\n".join(parts)


def jpeg(color: str = "navy") -> bytes:
    """Return a small picture of a colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), color).save(buffer, "JPEG")
    return buffer.getvalue()


def bomb() -> bytes:
    """Return a picture of a few kilobytes that would unpack to 64 megapixels."""
    buffer = io.BytesIO()
    Image.new("1", (8000, 8000)).save(buffer, "PNG")
    return buffer.getvalue()
