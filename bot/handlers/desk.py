"""``/helpdesk``: what is promised, when the helpdesk works, modules, categories and canned answers."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import HELPDESK
from bot.context import SiagaContext
from bot.desk_pages import (
    ABOUT,
    CANNED,
    KINDS,
    DeskPage,
    item_page,
    items,
    list_page,
    organizations_page,
    overview,
)
from bot.dialogs import desk
from bot.dialogs.pickers import organizations_with
from bot.registration import on_command, on_tap
from bot.rights import require
from db.helpdesk_audit import By
from db.helpdesk_choices import ChoiceKind, change_choice, delete_canned
from db.promises import confirm_year
from db.queries.helpdesk import CannedRow, Choice
from domain.errors import NotFound, OldCard
from domain.priorities import Priority
from domain.roles import Permission

_RIGHT = Permission.MANAGE_HELPDESK
_YEARS = range(2020, 2101)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the buttons of its pages."""
    application.add_handlers(
        [
            on_command(HELPDESK.names, begin),
            on_tap(ABOUT, "open", show_overview),
            on_tap(ABOUT, "list", show_list),
            on_tap(ABOUT, "item", show_item),
            on_tap(ABOUT, "add", add),
            on_tap(ABOUT, "rename", rename),
            on_tap(ABOUT, "off", switch_off),
            on_tap(ABOUT, "promise", ask_promise),
            on_tap(ABOUT, "hours", ask_hours),
            on_tap(ABOUT, "holiday", ask_holiday),
            on_tap(ABOUT, "year", confirm),
        ]
    )


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show how the helpdesk works; ask for the organization where there are several."""
    options = await organizations_with(context, _RIGHT)
    if len(options) > 1:
        page = organizations_page({option.id: option.label for option in options})
    else:
        async with context.transaction() as session:
            page = await overview(session, options[0].id, context.language)
    await context.reply(page.template, keyboard=page.keyboard, **page.words)


async def show_overview(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show the overview in the same message."""
    number = _organization(context)
    async with context.transaction() as session:
        page = await overview(session, number, context.language)
    await _show(context, page)


async def show_list(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show one of the lists."""
    number, kind = _organization(context), _kind(context)
    async with context.transaction() as session:
        page = await list_page(session, number, kind, context.language)
    await _show(context, page)


async def show_item(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show one of a list."""
    number, kind = _organization(context), _kind(context)
    await _show(context, item_page(number, kind, await _item(context, number, kind)))


async def add(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for a new one's name."""
    number, kind = _organization(context), _kind(context)
    await _open(context, number, kind, 0)


async def rename(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for another name and other words."""
    number, kind = _organization(context), _kind(context)
    await _open(context, number, kind, (await _item(context, number, kind)).id)


async def switch_off(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Take one off its list; tickets that have it keep it."""
    number, kind = _organization(context), _kind(context)
    row = await _item(context, number, kind)
    async with context.transaction() as session:
        if kind == CANNED:
            await delete_canned(session, number, row.id)
        else:
            await change_choice(session, ChoiceKind(kind), number, row.id, active=False)
        page = await list_page(session, number, kind, context.language)
    await context.answer("toasts/saved")
    await _show(context, page)


async def ask_promise(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for the times of a priority."""
    number, priority = _organization(context), context.tap.args[0]
    if priority not in set(Priority):
        raise OldCard
    await context.open_dialog(desk.PROMISE, organization=number, priority=priority)


async def ask_hours(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for the week."""
    await context.open_dialog(desk.HOURS, organization=_organization(context))


async def ask_holiday(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for a day off, or one that is none any more."""
    await context.open_dialog(desk.HOLIDAY, organization=_organization(context))


async def confirm(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Take a year's public holidays over."""
    number, year = _organization(context), int(context.tap.args[0])
    if year not in _YEARS:
        raise OldCard
    async with context.transaction() as session:
        by = By(context.me.user_id, context.source)
        await confirm_year(session, number, year, by)
        page = await overview(session, number, context.language)
    await context.answer("toasts/saved")
    await _show(context, page)


def _organization(context: SiagaContext) -> int:
    """Return the organization in the button, the right asked again."""
    require(context, _RIGHT, context.tap.id)
    return context.tap.id


def _kind(context: SiagaContext) -> str:
    if context.tap.args[0] not in KINDS:
        raise OldCard
    return context.tap.args[0]


async def _item(context: SiagaContext, organization_id: int, kind: str) -> Choice | CannedRow:
    async with context.transaction() as session:
        rows = await items(session, organization_id, kind)
    found = next((row for row in rows if row.id == int(context.tap.args[1])), None)
    if found is None:
        raise NotFound(noun=kind)
    return found


async def _open(context: SiagaContext, organization_id: int, kind: str, number: int) -> None:
    known: dict[str, object] = {"organization": organization_id, "number": number}
    if kind == CANNED:
        await context.open_dialog(desk.CANNED, **known)
        return
    await context.open_dialog(desk.CHOICE, **known, kind=kind)


async def _show(context: SiagaContext, page: DeskPage) -> None:
    await context.edit(page.template, keyboard=page.keyboard, **page.words)
