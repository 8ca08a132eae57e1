"""The few questions that the command line itself has for the Bot API."""

import logging
from typing import Any

import httpx

from siaga.settings import Settings

_TIMEOUT_S = 10.0
_log = logging.getLogger(__name__)


class TelegramError(Exception):
    """The Bot API refused or was not there; the message says why, never with the token."""


async def ask(settings: Settings, method: str, **given: int) -> tuple[Any, httpx.Headers]:
    """Call a method; return its result and the answer's headers.

    Raises:
        TelegramError: there is no token, no connection, or Telegram refuses.
    """
    if not settings.telegram_token:
        msg = "TELEGRAM_TOKEN is not set."
        raise TelegramError(msg)
    address = f"{settings.telegram_base_url}{settings.telegram_token}/{method}"
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
            answer = await client.post(address, data=given)
            body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        # Without the error's own text: it would hold the address, and with it the token.
        msg = f"no usable answer from the Bot API ({type(error).__name__})."
        raise TelegramError(msg) from None
    if not body.get("ok"):
        raise TelegramError(str(body.get("description", "refused")))
    return body["result"], answer.headers


async def username(settings: Settings) -> str:
    """Return the bot's name, or nothing when it cannot be learned now: links to the bot are left out then."""
    try:
        me, _ = await ask(settings, "getMe")
    except TelegramError as error:
        _log.warning("The bot's name is unknown, links to it are left out: %s", error)
        return ""
    return str(me["username"])


async def link(settings: Settings, code: str) -> str:
    """Return the deep link that opens the bot with a one-time code.

    Raises:
        TelegramError: the bot's name cannot be learned.
    """
    me, _ = await ask(settings, "getMe")
    return f"https://t.me/{me['username']}?start={code}"
