"""getMe, getUpdates, webhooks, and the bot's own profile."""

import re
from collections.abc import Callable
from typing import Any

from siaga.simulator.refusals import refuse
from siaga.simulator.state import World
from siaga.simulator.validate import Request

PROFILE_LENGTHS = {"name": 64, "description": 512, "short_description": 120}
LOCAL = ("http://127.0.0.1", "http://localhost", "http://[::1]")


def get_me(world: World, _: Request) -> object:
    """The bot as a User, with the fields only getMe returns."""
    return world.bot() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, request: Request) -> object:
    """Long polling; `allowed_updates` is remembered until it is given again."""
    params = request.params
    if "allowed_updates" in params and not world.updates.webhook_active:
        world.updates.allowed = params["allowed_updates"]
    return await world.updates.poll(
        params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0)
    )


def set_webhook(world: World, request: Request) -> object:
    """Telegram wants HTTPS; the simulator takes plain HTTP to the machine it runs on as well."""
    params = request.params
    url = params["url"]
    if url and not url.startswith(("https://", *LOCAL)):
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.get("secret_token", "")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        refuse("secret token contains unallowed characters")
    if "allowed_updates" in params:
        world.updates.allowed = params["allowed_updates"]
    _drop_pending(world, request)
    world.webhook.set_to(url, secret, params.get("max_connections", 40))
    return True


def delete_webhook(world: World, request: Request) -> object:
    """Back to polling."""
    _drop_pending(world, request)
    world.webhook.set_to("", "", 40)
    return True


def get_webhook_info(world: World, _: Request) -> object:
    """Address, what is pending, and the last error."""
    return world.webhook.shown()


def _drop_pending(world: World, request: Request) -> None:
    if request.params.get("drop_pending_updates"):
        world.updates.pending.clear()


def set_profile(part: str) -> Callable[[World, Request], Any]:
    """setMyName, setMyDescription, setMyShortDescription: one text per language."""

    def handler(world: World, request: Request) -> object:
        text = request.params.get(part, "")
        if len(text) > PROFILE_LENGTHS[part]:
            refuse(f"BOT_{part.upper()}_TOO_LONG")
        key = (part, request.params.get("language_code", ""))
        if text:
            world.profile[key] = text
        else:
            world.profile.pop(key, None)
        return True

    return handler
