"""``/pharmacy``: the pharmacies that the helpdesk serves, their people in charge and their join codes."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import PHARMACY
from bot.context import SiagaContext
from bot.dialogs import pharmacy as dialogs
from bot.dialogs.pickers import known_organization, organizations_with
from bot.pharmacy_pages import ABOUT, list_page, pharmacy, pharmacy_page, show_code
from bot.registration import on_command, on_tap
from bot.secrets_shown import cipher
from db.helpdesk_audit import By
from db.pharmacy_records import change_pharmacy, join_code, rotate_code
from domain.roles import Permission

_RIGHT = Permission.MANAGE_HELPDESK


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the buttons of its pages."""
    application.add_handlers(
        [
            on_command(PHARMACY.names, show_pharmacies),
            on_tap(ABOUT, "page", turn_page),
            on_tap(ABOUT, "open", open_pharmacy),
            on_tap(ABOUT, "add", add),
            on_tap(ABOUT, "edit", edit),
            on_tap(ABOUT, "pic", choose_pic),
            on_tap(ABOUT, "code", new_code),
            on_tap(ABOUT, "suspend", switch),
            on_tap(ABOUT, "restore", switch),
        ]
    )


async def show_pharmacies(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """List the pharmacies."""
    page = await list_page(context, await _organizations(context), 0)
    await context.reply(page.template, keyboard=page.keyboard, **page.words)


async def turn_page(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show another page in the same message."""
    page = await list_page(context, await _organizations(context), context.tap.id)
    await context.edit(page.template, keyboard=page.keyboard, **page.words)


async def open_pharmacy(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show one pharmacy."""
    page = pharmacy_page(await pharmacy(context, context.tap.id), int(context.tap.args[0]))
    await context.edit(page.template, keyboard=page.keyboard, **page.words)


async def add(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for a new pharmacy's facts."""
    await context.open_dialog(dialogs.NEW, **await known_organization(context, _RIGHT))


async def edit(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask what is to be different."""
    found = await pharmacy(context, context.tap.id)
    await context.open_dialog(dialogs.EDIT, pharmacy=found.pharmacy_id, pharmacy_name=found.name)


async def choose_pic(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask who is in charge."""
    found = await pharmacy(context, context.tap.id)
    await context.open_dialog(dialogs.PIC, pharmacy=found.pharmacy_id, pharmacy_name=found.name)


async def new_code(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Put a new join code in the place of the former and show it once."""
    found = await pharmacy(context, context.tap.id)
    code = join_code(cipher(context), found.name, context.source)
    async with context.transaction() as session:
        by = By(context.me.user_id, context.source)
        await rotate_code(session, found.pharmacy_id, code, by)
    await context.answer()
    await show_code(context, found.name, code)


async def switch(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Stop serving a pharmacy, or begin again: it then needs a new code."""
    found = await pharmacy(context, context.tap.id)
    changes = {"is_active": context.tap.action == "restore"}
    async with context.transaction() as session:
        by = By(context.me.user_id, context.source)
        await change_pharmacy(session, found.pharmacy_id, changes, by)
    await context.answer("toasts/saved")
    page = pharmacy_page(await pharmacy(context, found.pharmacy_id), int(context.tap.args[0]))
    await context.edit(page.template, keyboard=page.keyboard, **page.words)


async def _organizations(context: SiagaContext) -> list[int]:
    return [option.id for option in await organizations_with(context, _RIGHT)]
