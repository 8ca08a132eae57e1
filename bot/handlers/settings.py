"""``/settings``: an organization's own values in place of the defaults, and how loud its messages are."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import SETTINGS
from bot.context import SiagaContext
from bot.dialogs import change_setting
from bot.dialogs.fields import Picked
from bot.dialogs.pickers import organizations_with
from bot.keyboards import Button
from bot.registration import on_command, on_tap
from bot.rights import require
from bot.settings_pages import (
    ABOUT,
    MESSAGES_PAGE,
    SettingsPage,
    area_page,
    areas_page,
    messages_page,
    organizations_page,
    value_page,
)
from db import settings
from db.settings import Changes
from domain.chat import Loudness
from domain.errors import OldCard
from domain.notices import ADJUSTABLE
from domain.roles import Permission
from domain.settings import Area, setting_named

_RIGHT = Permission.MANAGE_SETTINGS


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the buttons of its pages."""
    application.add_handlers(
        [
            on_command(SETTINGS.names, show_settings),
            on_tap(ABOUT, "areas", show_areas),
            on_tap(ABOUT, "area", show_area),
            on_tap(ABOUT, "value", show_value),
            on_tap(ABOUT, "set", set_value),
            on_tap(ABOUT, "reset", reset_value),
            on_tap(ABOUT, "type", type_value),
            on_tap(ABOUT, "messages", show_messages),
            on_tap(ABOUT, "loud", set_loudness),
        ]
    )


async def show_settings(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the areas of the organization; ask for it first where there are several."""
    options = await organizations_with(context, _RIGHT)
    if len(options) > 1:
        page = organizations_page({option.id: option.label for option in options})
    else:
        async with context.transaction() as session:
            page = await areas_page(session, options[0].id, options[0].label)
    await context.reply(page.template, keyboard=page.keyboard, **page.words)


async def show_areas(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the areas in the same message."""
    number = _organization(context)
    names = {option.id: option.label for option in await organizations_with(context, _RIGHT)}
    async with context.transaction() as session:
        page = await areas_page(session, number, names[number])
    await _show(context, page)


async def show_area(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the values of an area."""
    number = _organization(context)
    area = next((one for one in Area if one == context.tap.args[0]), None)
    if area is None:
        raise OldCard
    async with context.transaction() as session:
        page = await area_page(session, number, area)
    await _show(context, page)


async def show_value(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show one value with what it may be."""
    number = _organization(context)
    async with context.transaction() as session:
        page = await value_page(session, number, context.tap.args[0])
    await _show(context, page)


async def set_value(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Save a suggested value."""
    key, value = context.tap.args
    await _change_value(context, key, float(value))


async def reset_value(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Go back to the default."""
    await _change_value(context, context.tap.args[0], None)


async def type_value(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for a value as text."""
    number, row = _organization(context), setting_named(context.tap.args[0])
    known = {"organization": Picked(number, ""), "key": row.key, "unit": row.unit}
    await context.open_dialog(change_setting.NAME, **known)


async def show_messages(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show how loud each kind of message is."""
    number = _organization(context)
    async with context.transaction() as session:
        page = await messages_page(session, number, int(context.tap.args[0]))
    await _show(context, page)


async def set_loudness(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Let a kind of message sound, or come silently; never off."""
    number = _organization(context)
    notice, loudness = context.tap.args
    changes = Changes(messages={notice: Loudness(loudness)})
    async with context.transaction() as session:
        me = context.me.user_id
        await settings.change(session, number, changes, actor_id=me, source=context.source)
        page = await messages_page(session, number, ADJUSTABLE.index(notice) // MESSAGES_PAGE)
    await _show(context, page)


async def _change_value(context: SiagaContext, key: str, value: float | None) -> None:
    number, me = _organization(context), context.me.user_id
    async with context.transaction() as session:
        await settings.change(
            session, number, Changes(values={key: value}), actor_id=me, source=context.source
        )
        page = await area_page(session, number, setting_named(key).area)
    await context.answer("toasts/saved")
    await _show(context, page)


def _organization(context: SiagaContext) -> int:
    """Return the organization in the button, the right asked again."""
    require(context, _RIGHT, context.tap.id)
    return context.tap.id


async def _show(context: SiagaContext, page: SettingsPage) -> None:
    keyboard: list[list[Button]] = page.keyboard
    await context.edit(page.template, keyboard=keyboard, **page.words)
