"""A simulator on a port of its own, and the real python-telegram-bot talking to it."""

import asyncio
import io
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import httpx
import pytest
from PIL import Image
from telegram import Bot
from telegram.request import HTTPXRequest

from siaga.simulator.person import Person
from siaga.simulator.serving import running
from siaga.simulator.settings import Settings

TLS = ssl.create_default_context()


@dataclass
class Simulator:
    """What the tests of this folder hold in hand."""

    url: str
    http: httpx.AsyncClient
    bot: Bot
    settings: Settings
    people: list[Person] = field(default_factory=list)

    async def person(self, first_name: str = "Budi", *, started: bool = True, **more: object) -> Person:
        """A person, who has pressed Start unless told otherwise; their updates so far are confirmed."""
        person = await Person.create(self.url, first_name, **more)
        self.people.append(person)
        if started:
            await person.start()
            await self.forget_updates()
        return person

    async def group(self, *members: Person, **more: object) -> int:
        """A group's chat id; the update about it is confirmed."""
        body = {"title": "Lapangan", "is_forum": False, "members": [one.id for one in members], **more}
        chat = (await self.http.post("/sim/groups", json=body)).json()
        await self.forget_updates()
        return int(chat["id"])

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        """A raw Bot API call; the whole answer."""
        answer = await self.http.post(f"/bot{self.settings.token}/{method}", data=params)
        body: dict[str, Any] = answer.json()
        return body | {"status": answer.status_code}

    async def updates(self) -> list[dict[str, Any]]:
        """The pending updates as they are on the wire, confirmed by this call."""
        found: list[dict[str, Any]] = (await self.call("getUpdates"))["result"]
        await self.forget_updates()
        return found

    async def forget_updates(self) -> None:
        """Confirms everything pending."""
        pending = (await self.call("getUpdates", offset=-1))["result"]
        if pending:
            await self.call("getUpdates", offset=pending[-1]["update_id"] + 1)

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """JSON of the person side."""
        return (await self.http.get(path)).json()

    async def post(self, path: str, **body: object) -> httpx.Response:
        """A person side call."""
        return await self.http.post(path, json=body)


@pytest.fixture(scope="session")
def simulator_url() -> Iterator[str]:
    """One running simulator per test process: making the application takes longer than most tests."""
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
async def simulator(simulator_url: str) -> AsyncIterator[Simulator]:
    """A fresh world without rate limits, and a bot."""
    async with httpx.AsyncClient(base_url=simulator_url, timeout=30, verify=TLS) as http:
        (await http.post("/sim/reset", json={"keep_bot": False})).raise_for_status()
        bot = a_bot(simulator_url, Settings().token)
        async with bot:
            held = Simulator(simulator_url, http, bot, Settings())
            await held.post("/sim/limits", mode="off")
            yield held
            for person in held.people:
                await person.close()


def a_bot(url: str, token: str) -> Bot:
    """python-telegram-bot, with a TLS context it shares: making one takes a quarter of a second."""
    requests = [HTTPXRequest(httpx_kwargs={"verify": TLS}) for _ in range(2)]
    return Bot(
        token,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        get_updates_request=requests[0],
        request=requests[1],
    )


def image(width: int = 400, height: int = 300, color: str = "orange") -> bytes:
    """A JPEG."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def jpeg() -> bytes:
    """A small photo."""
    return image()
