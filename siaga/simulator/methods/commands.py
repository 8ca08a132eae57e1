"""The command menu and the menu button."""

import re

from siaga.simulator.journal import Json
from siaga.simulator.refusals import refuse
from siaga.simulator.state import Chat, World
from siaga.simulator.validate import Request

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
DEFAULT: Json = {"type": "default"}


def set_my_commands(world: World, request: Request) -> object:
    """The commands of one scope and language."""
    commands = request.params["commands"]
    if len(commands) > MAX_COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command["command"]):
            refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= MAX_DESCRIPTION:
            refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    key = _key(world, request)
    world.commands[key] = [one | {"command": one["command"].removeprefix("/")} for one in commands]
    world.journal.event("chats")
    return True


def get_my_commands(world: World, request: Request) -> object:
    """Exactly those set for the scope and language."""
    return world.commands.get(_key(world, request), [])


def delete_my_commands(world: World, request: Request) -> object:
    """The wider scope's commands show again."""
    world.commands.pop(_key(world, request), None)
    world.journal.event("chats")
    return True


def commands_for(world: World, chat: Chat, user: Json) -> list[Json]:
    """What a person sees in a chat: the narrowest scope that has commands, their language first."""
    if chat.private:
        scopes = [f"chat:{chat.id}", "all_private_chats", "default"]
    else:
        scopes = [f"chat_member:{chat.id}:{user['id']}"]
        admin = chat.members.get(user["id"]) in ("creator", "administrator")
        scopes += [f"chat_administrators:{chat.id}"] if admin else []
        scopes += [f"chat:{chat.id}"]
        scopes += ["all_chat_administrators"] if admin else []
        scopes += ["all_group_chats", "default"]
    language = user.get("language_code", "")
    for key in [(scope, code) for scope in scopes for code in (language, "")]:
        if world.commands.get(key):
            return world.commands[key]
    return []


def set_chat_menu_button(world: World, request: Request) -> object:
    """For one private chat, or for all."""
    chat_id = request.params.get("chat_id", 0)
    if chat_id:
        world.chat(chat_id)
    world.menu_buttons[chat_id] = request.params.get("menu_button", DEFAULT)
    return True


def get_chat_menu_button(world: World, request: Request) -> object:
    """The chat's own, or the one for all."""
    otherwise = world.menu_buttons.get(0, {"type": "commands"})
    button = world.menu_buttons.get(request.params.get("chat_id", 0), DEFAULT)
    return otherwise if button == DEFAULT else button


def _key(world: World, request: Request) -> tuple[str, str]:
    scope = request.params.get("scope", {"type": "default"})
    key = scope["type"]
    if "chat_id" in scope:
        key += f":{world.chat(scope['chat_id']).id}"
    if "user_id" in scope:
        key += f":{scope['user_id']}"
    language = request.params.get("language_code", "")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        refuse("invalid language code specified")
    return key, language
