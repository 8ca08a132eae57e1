"""The bot's process: receive, handle, send, tidy up (DESIGN 6)."""

import asyncio
import logging
from datetime import timedelta

from bot import registry
from bot.api import ApiError
from bot.application import App, build, initialize
from bot.consumer import Consumer
from bot.content import Content
from bot.parts import Parts, make_parts
from bot.receiver import Receiver, set_webhook
from bot.rounds import go_round
from bot.sender import Sender
from bot.settings import BotSettings
from bot.waiting import pause
from db.chat.housekeeping import tidy
from db.chat.outages import is_outage
from db.chat.wake import SENDS, UPDATES, listen
from db.session import SYSTEM

log = logging.getLogger(__name__)

TIDY_EVERY_S = 3600.0
KEPT = timedelta(days=30)
"""How long handled updates and sent messages are kept."""


async def run(settings: BotSettings, stop: asyncio.Event, content: Content | None = None) -> None:
    """Run the bot until ``stop`` is set. Any number of replicas may run; one of them receives."""
    await serve(make_parts(settings, content or registry.content(settings)), stop)


async def serve(parts: Parts, stop: asyncio.Event) -> None:
    """Run one replica made of these parts, and close them at the end."""
    application = build(parts)
    try:
        await initialize(application, stop)
        if not stop.is_set():
            await _started(parts)
            await _run_all(parts, application, stop)
    finally:
        await application.shutdown()
        await parts.api.close()


async def _run_all(parts: Parts, application: App, stop: asyncio.Event) -> None:
    updates, sends = asyncio.Event(), asyncio.Event()
    settings = parts.settings
    listening = asyncio.create_task(listen(settings.database, {UPDATES: updates, SENDS: sends}))
    consumer = Consumer(parts, application, updates)
    polls = settings.mode == "polling"
    receiving = Receiver(parts, consumer).run(stop) if polls else set_webhook(parts, stop)
    jobs = (
        receiving,
        consumer.run(stop),
        Sender(parts, sends).run(stop),
        go_round(parts, stop),
        _tidy_up(parts, stop),
    )
    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(job)
        await consumer.give_back()
    finally:
        listening.cancel()


async def _started(parts: Parts) -> None:
    if parts.content.started is None:
        return
    try:
        await parts.content.started(parts.api)
    except ApiError as error:
        log.warning("commands and descriptions could not be set: %s", error)


async def _tidy_up(parts: Parts, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await pause(stop, TIDY_EVERY_S)
        try:
            async with parts.settings.database.transaction(SYSTEM) as session:
                await tidy(session, KEPT)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("old updates stay for now, the database is away: %s", error)
