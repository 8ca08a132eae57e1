"""Delivery of updates to the bot's webhook: secret header, order per chat, retries with back-off."""

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial

import httpx

from siaga.simulator.clock import Clock
from siaga.simulator.journal import Json
from siaga.simulator.updates import UpdateQueue

HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 30.0
TIMEOUT_S = 20.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Webhook:
    """Where updates go, once `set_to` has named an address."""

    updates: UpdateQueue
    clock: Clock
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: tuple[int, str] | None = None
    _task: asyncio.Task[None] | None = None
    _busy: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _ending: set[asyncio.Task[None]] = field(default_factory=set)

    def set_to(self, url: str, secret: str, max_connections: int) -> None:
        """Starts delivery to `url`; an empty one ends it."""
        self.stop()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.updates.webhook_active = bool(url)
        self.updates.wake()
        if url:
            self._task = asyncio.get_running_loop().create_task(self._deliver())

    def stop(self) -> None:
        """Ends delivery; what is not confirmed stays pending."""
        for task in [self._task, *self._busy.values()]:
            if task is not None:
                task.cancel()
                self._ending.add(task)
                task.add_done_callback(self._ending.discard)
        self._task = None
        self._busy.clear()

    async def ended(self) -> None:
        """Returns when nothing of what was stopped is running any more."""
        await asyncio.gather(*self._ending, return_exceptions=True)

    def shown(self) -> Json:
        """As the Bot API's WebhookInfo."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self.last_error:
            info["last_error_date"], info["last_error_message"] = self.last_error
        if self.updates.allowed:
            info["allowed_updates"] = self.updates.allowed
        return info

    async def _deliver(self) -> None:
        """One update per chat at a time, chats side by side."""
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            while True:
                for update in list(self.updates.pending):
                    lane = _chat_of(update)
                    if lane not in self._busy and len(self._busy) < self.max_connections:
                        sending = self._until_taken(client, update)
                        task = asyncio.get_running_loop().create_task(sending)
                        self._busy[lane] = task
                        task.add_done_callback(partial(self._free, lane))
                await self.updates.wait(5.0)

    def _free(self, lane: int, task: asyncio.Task[None]) -> None:
        if self._busy.get(lane) is task:
            del self._busy[lane]
        self.updates.wake()

    async def _until_taken(self, client: httpx.AsyncClient, update: object) -> None:
        pause = FIRST_RETRY_S
        while not await self._taken(client, update):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_RETRY_S)
        if update in self.updates.pending:
            self.updates.pending.remove(update)

    async def _taken(self, client: httpx.AsyncClient, update: object) -> bool:
        headers = {HEADER: self.secret} if self.secret else {}
        try:
            answer = await client.post(self.url, json=update, headers=headers)
        except httpx.HTTPError as error:
            problem = f"Connection failed: {type(error).__name__}"
        else:
            if answer.is_success:
                return True
            problem = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        self.last_error = (self.clock.date(), problem)
        log.warning("webhook %s: %s", self.url, problem)
        return False


def _chat_of(update: object) -> int:
    """The lane of an update: its chat, or 0 where it has none."""
    for value in update.values() if isinstance(update, dict) else ():
        if isinstance(value, dict):
            chat = value.get("chat") or value.get("message", {}).get("chat")
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                found: int = chat["id"]
                return found
    return 0
