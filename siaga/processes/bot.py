"""``siaga bot``: receives, handles and sends."""

import asyncio

from bot import main
from bot.settings import BotSettings
from siaga.errors import CommandError
from siaga.processes.rooms import Opened, opened, required
from siaga.running import pulse
from siaga.settings import Settings, ensure_secret_key

_CONNECTIONS = 24
"""What ``BotSettings`` asks for."""


async def chat(settings: Settings, stop: asyncio.Event) -> int:
    """Run the bot until asked to stop.

    Raises:
        CommandError: the token, the database or Temporal is not named.
    """
    settings = required(settings)
    if not settings.telegram_token:
        msg = "TELEGRAM_TOKEN is not set. Get one from @BotFather, or run `siaga demo`, which needs none."
        raise CommandError(msg)
    async with opened(settings, connections=_CONNECTIONS) as rooms, pulse(settings.pulse_file):
        await main.run(_bot_settings(settings, rooms), stop)
    return 0


def _bot_settings(settings: Settings, rooms: Opened) -> BotSettings:
    return BotSettings(
        token=settings.telegram_token,
        database=rooms.database,
        gateway=rooms.gateway,
        files=rooms.store,
        secret_key=ensure_secret_key(settings),
        base_url=settings.telegram_base_url,
        base_file_url=settings.telegram_base_file_url,
        mode=settings.telegram_mode,
        webhook_url=f"{settings.api_url}/api/v1/telegram/webhook",
        webhook_secret=settings.telegram_webhook_secret,
        language=settings.default_language,
        public_url=settings.public_url,
        ui_url=_namespace_page(settings),
    )


def _namespace_page(settings: Settings) -> str:
    """Return the page of the Temporal UI under which runs are linked; empty when no address is set."""
    if not settings.temporal_ui_url:
        return ""
    return f"{settings.temporal_ui_url.rstrip('/')}/namespaces/{settings.temporal_namespace}"
