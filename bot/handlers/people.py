"""``/people``, ``/suspend``, ``/restore``: who works here, and who may not any more."""

from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot import weeks
from bot.commands import PEOPLE, RESTORE, SUSPEND
from bot.context import SiagaContext
from bot.dialogs import access, handover
from bot.dialogs.fields import Picked
from bot.dialogs.pickers import known_organization, mark, organizations_with
from bot.keyboards import Button, Style, button
from bot.registration import on_command, on_tap
from bot.shifts_text import week
from bot.suspending import may_switch
from db.queries.field_figures import field_figures
from db.queries.people import PersonRow, count_people, list_people, person_row
from db.queries.team import member_duty
from db.session import Scope
from domain.errors import NotAllowed, NotFound
from domain.roles import FIELD_ROLES, Permission, may

PAGE = 8
_COLUMNS = 4
PERIODS = (7, 30, 90)
"""Days that a person's figures look back."""


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the commands and the list's buttons."""
    application.add_handlers(
        [
            on_command(PEOPLE.names, show_people),
            on_command(SUSPEND.names, begin_suspending),
            on_command(RESTORE.names, begin_restoring),
            on_tap("people", "page", turn_page),
            on_tap("people", "open", open_person),
            on_tap("people", "figures", show_figures),
            on_tap("people", access.SUSPEND, ask),
            on_tap("people", access.RESTORE, ask),
        ]
    )


async def show_people(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """List the people of the organizations that this person manages."""
    words, keyboard = await _page(context, 0)
    await context.reply("replies/people", keyboard=keyboard, **words)


async def turn_page(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show another page in the same message."""
    words, keyboard = await _page(context, context.tap.id)
    await context.edit("replies/people", keyboard=keyboard, **words)


async def open_person(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show one person, with the one thing that can be done about them."""
    row = await _person(context)
    rows: list[list[Button]] = []
    works = row.is_active and may(row.role, Permission.BE_ON_DUTY)
    if works:
        rows.append([button("shifts", weeks.ABOUT, "open", row.user_id, row.organization_id)])
    if may_switch(context.me, row):
        action = access.SUSPEND if row.is_active else access.RESTORE
        style: Style = "danger" if row.is_active else "success"
        rows.append([button(action, "people", action, row.user_id, row.organization_id, style=style)])
    if may(row.role, Permission.BE_ON_DUTY):
        rows.append([button("handover", handover.NAME, "open", row.user_id, row.organization_id)])
    if row.role in FIELD_ROLES:
        page = context.tap.args[1]
        rows.append([button("figures", "people", "figures", row.user_id, row.organization_id, page, 30)])
    rows.append([button("back_to_list", "people", "page", int(context.tap.args[1]))])
    async with context.transaction() as session:
        duty = await member_duty(session, row.user_id, row.organization_id, datetime.now(UTC))
    lines = [(duty, week(duty.duty.shifts, context.language))] if works else []
    await context.edit("replies/person", keyboard=rows, row=row, mark=mark(row), duties=lines)


async def show_figures(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Show what a person did in a period, and the other periods."""
    row = await _person(context)
    page, days = context.tap.args[1], int(context.tap.args[2])
    now = datetime.now(UTC)
    async with context.transaction(Scope.of([row.organization_id])) as session:
        figures = await field_figures(session, row.user_id, now - timedelta(days=days), now)
    about = (row.user_id, row.organization_id, page)
    periods = [
        button("figures_days", "people", "figures", *about, other, words={"days": other})
        for other in PERIODS
        if other != days
    ]
    back = button("back_to_person", "people", "open", *about)
    await context.edit("replies/figures", keyboard=[periods, [back]], row=row, figures=figures, days=days)


async def ask(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask once more before a person is cut off or let back in."""
    row = await _person(context)
    known = {"organization": Picked(row.organization_id, ""), "person": Picked(row.user_id, row.name)}
    await context.open_dialog(context.tap.action, **known)


async def begin_suspending(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask whom to cut off."""
    await context.open_dialog(access.SUSPEND, **await known_organization(context, Permission.MANAGE_PEOPLE))


async def begin_restoring(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask whom to let back in."""
    await context.open_dialog(access.RESTORE, **await known_organization(context, Permission.MANAGE_PEOPLE))


async def _person(context: SiagaContext) -> PersonRow:
    """Return the tapped person: number and organization are in the button."""
    organization_id = int(context.tap.args[0])
    if not context.me.may(Permission.MANAGE_PEOPLE, organization_id):
        raise NotAllowed
    async with context.transaction() as session:
        row = await person_row(session, context.tap.id, organization_id)
    if row is None:
        raise NotFound(noun="person")
    return row


async def _page(context: SiagaContext, page: int) -> tuple[dict[str, Any], list[list[Button]]]:
    options = await organizations_with(context, Permission.MANAGE_PEOPLE)
    organizations = [option.id for option in options]
    async with context.transaction() as session:
        total = await count_people(session, organizations)
        pages = max(1, -(-total // PAGE))
        page = min(max(page, 0), pages - 1)
        rows = await list_people(session, organizations, limit=PAGE, offset=page * PAGE)
    first = page * PAGE + 1
    words: dict[str, Any] = {
        "rows": [(row, mark(row)) for row in rows],
        "organizations": {option.id: option.label for option in options},
        "total": total,
        "first": first,
        "page": page + 1,
        "pages": pages,
    }
    return words, _keyboard(rows, first, page, pages)


def _keyboard(rows: list[PersonRow], first: int, page: int, pages: int) -> list[list[Button]]:
    numbers = [
        button(
            "number",
            "people",
            "open",
            row.user_id,
            row.organization_id,
            page,
            words={"number": first + place},
        )
        for place, row in enumerate(rows)
    ]
    keyboard = [numbers[start : start + _COLUMNS] for start in range(0, len(numbers), _COLUMNS)]
    turning = []
    if page > 0:
        turning.append(button("previous_page", "people", "page", page - 1))
    if page + 1 < pages:
        turning.append(button("next_page", "people", "page", page + 1))
    return [*keyboard, turning] if turning else keyboard
