"""Updates pushed to the bot's own server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram.error import BadRequest

from siaga.simulator.clock import Clock
from siaga.simulator.journal import Journal
from siaga.simulator.updates import UpdateQueue
from siaga.simulator.webhook import Webhook
from tests.simulator.conftest import Simulator


@dataclass
class Receiver:
    """A server that answers with the given statuses, then with 200."""

    statuses: list[int] = field(default_factory=list)
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        status = self.statuses.pop(0) if self.statuses else 200
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        self.seen.append((headers.get("x-telegram-bot-api-secret-token", ""), body))
        self.more.set()

    async def until(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """What came, once it is that much."""
        async with asyncio.timeout(10):
            while len(self.seen) < count:
                self.more.clear()
                await self.more.wait()
        return self.seen


@asynccontextmanager
async def receiving(*statuses: int) -> AsyncIterator[Receiver]:
    receiver = Receiver(list(statuses))
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield receiver


async def confirmed(simulator: Simulator) -> None:
    """Returns when the simulator has read the receiver's answers."""
    async with asyncio.timeout(10):
        while (await simulator.bot.get_webhook_info()).pending_update_count:
            pass


async def test_updates_come_with_the_secret(simulator: Simulator) -> None:
    person = await simulator.person()
    async with receiving() as receiver:
        await simulator.bot.set_webhook(receiver.url, secret_token="rahasia")

        await person.send("halo")

        ((secret, update),) = await receiver.until(1)
        await confirmed(simulator)
        await simulator.bot.delete_webhook()
    assert secret == "rahasia"
    assert update["message"]["text"] == "halo"
    assert await simulator.bot.get_updates() == ()


async def test_a_refused_update_comes_again_before_the_next_of_its_chat(simulator: Simulator) -> None:
    person = await simulator.person()
    async with receiving(500, 503) as receiver:
        await simulator.bot.set_webhook(receiver.url)
        await person.send("satu")
        await person.send("dua")

        seen = await receiver.until(4)
        info = await simulator.bot.get_webhook_info()
        await simulator.bot.delete_webhook()

    assert [update["message"]["text"] for _, update in seen] == ["satu", "satu", "satu", "dua"]
    assert info.last_error_message == "Wrong response from the webhook: 503 X"


async def test_what_waited_is_delivered_when_the_webhook_is_set(simulator: Simulator) -> None:
    person = await simulator.person()
    await person.send("tadi")
    async with receiving() as receiver:
        await simulator.bot.set_webhook(receiver.url)

        assert (await receiver.until(1))[0][1]["message"]["text"] == "tadi"
        await simulator.bot.delete_webhook()


async def test_pending_updates_can_be_dropped(simulator: Simulator) -> None:
    person = await simulator.person()
    await person.send("tadi")

    await simulator.bot.set_webhook("https://example.org/hook", drop_pending_updates=True)

    assert (await simulator.bot.get_webhook_info()).pending_update_count == 0
    await simulator.bot.delete_webhook()


async def test_delivery_ends_when_it_is_stopped_in_the_moment_of_a_change() -> None:
    updates = UpdateQueue(Journal())
    webhook = Webhook(updates, Clock())
    webhook.set_to("http://127.0.0.1:9/hook", "", 40)
    await asyncio.sleep(0)  # it waits for updates

    updates.wake()
    webhook.stop()

    async with asyncio.timeout(10):
        await webhook.ended()


async def test_the_address_must_be_https_beyond_this_machine(simulator: Simulator) -> None:
    with pytest.raises(BadRequest, match="https url must be provided"):
        await simulator.bot.set_webhook("http://example.org/hook")
