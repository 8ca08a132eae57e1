"""PTB's application without its Updater: it sorts updates to handlers, nothing else (DESIGN 6)."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes, TypeHandler
from telegram.request import HTTPXRequest

from bot.api import tls
from bot.context import SiagaContext
from bot.dialogs.engine import Engine
from bot.gate import gate, on_error
from bot.handling import ANSWER_WITHIN_S, CURRENT, Handling
from bot.parts import Parts
from bot.waiting import pause

log = logging.getLogger(__name__)

HANDLE_WITHIN_S = 60.0
_GATE_GROUP = -1
_RETRY_S = 2.0
_TOKEN_RETRY_S = 30.0

App = Application[Any, SiagaContext, Any, Any, Any, Any]


def build(parts: Parts) -> App:
    """Return the application with the gate and the content's handlers."""
    settings = parts.settings
    application: App = (
        Application.builder()
        .token(settings.token)
        .base_url(settings.base_url)
        .base_file_url(settings.base_file_url)
        .request(HTTPXRequest(connection_pool_size=16, httpx_kwargs={"verify": tls()}))
        .context_types(ContextTypes(context=SiagaContext))
        .updater(None)
        .job_queue(None)
        .build()
    )
    application.bot_data["engine"] = Engine(parts)
    application.add_handler(TypeHandler(Update, gate), group=_GATE_GROUP)
    parts.content.register(application)
    application.add_error_handler(on_error)
    return application


async def initialize(application: App, stop: asyncio.Event) -> None:
    """Wait until Telegram answers ``getMe``."""
    while not stop.is_set():
        try:
            await application.initialize()
            return
        except InvalidToken:
            log.error(  # noqa: TRY400 - the traceback says nothing more
                "Telegram does not know this token (TELEGRAM_TOKEN); asking again in %.0f s", _TOKEN_RETRY_S
            )
            wait = _TOKEN_RETRY_S
        except TelegramError as error:
            log.warning("Telegram does not answer yet, asking again in %.0f s: %s", _RETRY_S, error)
            wait = _RETRY_S
        await pause(stop, wait)


def parse(application: App, payload: dict[str, Any]) -> Update:
    """Return the update of a payload; raises ``ValueError`` when it is malformed."""
    try:
        update = Update.de_json(payload, application.bot)
    except Exception as error:
        message = f"malformed update: {type(error).__name__}: {error}"
        raise ValueError(message) from error
    return update


async def handle(application: App, parts: Parts, updates: Sequence[Update], *, answered: bool) -> Handling:
    """Run one update, or the updates of one album as one, through the handlers; return how it ended."""
    first = updates[0]
    album = tuple(update.message for update in updates if update.message is not None)
    handling = Handling(parts, first, album, answered=answered)
    CURRENT.set(handling)
    guard = asyncio.create_task(_answer_in_time(handling))
    try:
        async with asyncio.timeout(HANDLE_WITHIN_S):
            await application.process_update(first)
    except TimeoutError as error:
        handling.error = error
    finally:
        guard.cancel()
    return handling


async def _answer_in_time(handling: Handling) -> None:
    if handling.update.callback_query is None:
        return
    await asyncio.sleep(ANSWER_WITHIN_S)
    await handling.answer_noted()
