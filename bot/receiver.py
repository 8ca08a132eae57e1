"""Receiving: raw ``getUpdates`` under a lock, stored, then acknowledged by the next offset (DESIGN 6)."""

import asyncio
import logging
from typing import Any

from bot.api import ApiError, ApiRefused
from bot.consumer import Consumer
from bot.parts import Parts
from bot.waiting import pause
from db.chat.outages import is_outage
from db.chat.receiving import ReceiverLock, receiver_lock
from db.chat.updates import store
from domain.signing import secret_hash

log = logging.getLogger(__name__)

POLL_S = 10
LIMIT = 100
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
LOCK_RETRY_S = 1.0
_LONGEST_WAIT_S = 15.0
_UNAUTHORIZED, _NOT_FOUND, _CONFLICT = 401, 404, 409
_TOKEN_RETRY_S = 30.0
_CONFLICT_RETRY_S = 3.0


class Receiver:
    """Asks Telegram for updates while this replica holds the lock, and gives what it can to its consumer.

    Of the rest all replicas hear from the database.
    """

    def __init__(self, parts: Parts, consumer: Consumer) -> None:
        self._parts = parts
        self._consumer = consumer
        self._database = parts.settings.database
        self._offset: int | None = None
        self._failures = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Receive until told to stop; without the lock, wait for it."""
        while not stop.is_set():
            try:
                async with receiver_lock(self._database, secret_hash(self._parts.settings.token)) as lock:
                    if lock is not None:
                        log.info("this replica receives")
                        await self._receive(lock, stop)
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("not receiving, the database is away: %s", error)
            await pause(stop, LOCK_RETRY_S)

    async def _receive(self, lock: ReceiverLock, stop: asyncio.Event) -> None:
        self._offset = None
        while not stop.is_set():
            await lock.check()
            found = await self._ask(stop)
            if not found:
                continue
            consumer = self._consumer
            stored = await store(self._database, found, owner=consumer.owner, free=consumer.free)
            consumer.serve(stored.claimed)
            numbers = [
                one["update_id"] for one in found if isinstance(one, dict) and _is_id(one.get("update_id"))
            ]
            if numbers:
                self._offset = max(numbers) + 1
            else:
                log.error("Telegram sent %s updates without a number; asking again in a moment", len(found))
                await pause(stop, _LONGEST_WAIT_S)

    async def _ask(self, stop: asyncio.Event) -> list[Any]:
        """Return the next updates; an empty list after a failure that was waited for."""
        asked = {
            "timeout": POLL_S,
            "limit": LIMIT,
            "offset": self._offset,
            "allowed_updates": ALLOWED_UPDATES,
        }
        call = asyncio.ensure_future(self._parts.api.call("getUpdates", asked, timeout_s=POLL_S + 10))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((call, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                return []  # what that call would have brought is asked for again by the next receiver
            found = call.result()
            self._failures = 0
            return found if isinstance(found, list) else []
        except ApiError as error:
            await pause(stop, await self._wait_after(error))
            return []
        finally:
            stopping.cancel()
            call.cancel()

    async def _wait_after(self, error: ApiError) -> float:
        """Say what is wrong and return how long to wait."""
        self._failures += 1
        wait = min(_LONGEST_WAIT_S, 0.25 * 2.0 ** min(self._failures, 10))
        if not isinstance(error, ApiRefused):
            log.warning("Telegram does not answer, asking again in %.1f s: %s", wait, error)
            return wait
        if error.code in (_UNAUTHORIZED, _NOT_FOUND):
            log.error(
                "Telegram does not know this token (TELEGRAM_TOKEN); asking again in %.0f s", _TOKEN_RETRY_S
            )
            return _TOKEN_RETRY_S
        if error.code == _CONFLICT:
            return await self._conflict(error)
        wait = error.retry_after or wait
        log.warning("Telegram refused getUpdates, asking again in %.1f s: %s", wait, error)
        return wait

    async def _conflict(self, error: ApiRefused) -> float:
        if "webhook" not in error.description:
            log.error("another program receives with this token; asking again in %.0f s", _CONFLICT_RETRY_S)
            return _CONFLICT_RETRY_S
        log.warning("a webhook was set for this token; TELEGRAM_MODE is polling, so it is removed")
        try:
            await self._parts.api.call("deleteWebhook", {})
        except ApiError as failed:
            log.warning("the webhook could not be removed: %s", failed)
            return _CONFLICT_RETRY_S
        return 0.0


async def set_webhook(parts: Parts, stop: asyncio.Event) -> None:
    """Tell Telegram where to post updates; the api process stores them (``db.chat.updates.store``)."""
    settings = parts.settings
    asked = {
        "url": settings.webhook_url,
        "secret_token": settings.webhook_secret,
        "allowed_updates": ALLOWED_UPDATES,
        "max_connections": 40,
    }
    while not stop.is_set():
        try:
            await parts.api.call("setWebhook", asked)
            log.info("Telegram posts updates to %s", settings.webhook_url)
            return
        except ApiError as error:
            log.warning("the webhook could not be set, trying again in %.0f s: %s", _LONGEST_WAIT_S, error)
            await pause(stop, _LONGEST_WAIT_S)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
