"""The command menus: general ones when the bot starts, a person's own when what they may do changes."""

import logging

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot.api import BotApi
from bot.commands import commands_for
from bot.context import SiagaContext
from bot.render import LANGUAGES, Audience, Renderer
from db.queries.people import person_by_id
from domain.defaults import LANGUAGE, TIME_ZONE
from domain.people import Person

logger = logging.getLogger(__name__)


def menu(renderer: Renderer, language: str, person: Person | None) -> list[tuple[str, str]]:
    """Return (command, description) pairs as the language's menu shows them."""
    audience = Audience(language, TIME_ZONE, person)
    return [
        (command.spelled(language), renderer.words("commands", command.name, audience))
        for command in commands_for(person)
    ]


async def set_general_menus(api: BotApi) -> None:
    """Tell Telegram what strangers may use, in each language and for phones in any other."""
    renderer = Renderer()
    for language in LANGUAGES:
        pairs = [{"command": name, "description": text} for name, text in menu(renderer, language, None)]
        await api.call("setMyCommands", {"commands": pairs, "language_code": language})
        if language == LANGUAGE:
            await api.call("setMyCommands", {"commands": pairs})


async def show_menu_of(context: SiagaContext, user_id: int) -> None:
    """Bring a person's own menu up to date in their private chat; a menu that fails is only logged."""
    async with context.transaction() as session:
        known = await person_by_id(session, user_id)
    if known is None or known.person.telegram_id is None:
        return
    person = known.person if known.is_active else None
    commands = [
        BotCommand(name, text) for name, text in menu(context.parts.renderer, known.person.language, person)
    ]
    try:
        await context.bot.set_my_commands(commands, scope=BotCommandScopeChat(known.person.telegram_id))
    except TelegramError as error:
        logger.warning("no menu for user %s: %s", user_id, error)
