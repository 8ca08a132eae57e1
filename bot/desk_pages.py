"""The pages of ``/helpdesk``: promises and working time, lists of choices and answers, one of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.keyboards import Button, button, columns, named
from bot.shifts_text import week
from db.helpdesk_choices import ChoiceKind
from db.queries.helpdesk import CannedRow, Choice, canned_answers, categories, modules
from db.queries.promises import WorkingTime, promise, working_time
from domain.duty import Shift
from domain.priorities import Priority

ABOUT = "desk"
CANNED = "canned"
KINDS = (*ChoiceKind, CANNED)
SHOWN = 40
HOLIDAYS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A template, what it shows, and its buttons."""

    template: str
    words: dict[str, Any]
    keyboard: list[list[Button]]


def organizations_page(organizations: dict[int, str]) -> DeskPage:
    """Return the choice of an organization, for who has several."""
    rows = [[named(label, ABOUT, "open", number)] for number, label in organizations.items()]
    return DeskPage("replies/settings_organizations", {}, rows)


async def overview(session: AsyncSession, organization_id: int, language: str) -> DeskPage:
    """Return what is promised, when the helpdesk works, and the way to each list."""
    promises = [await promise(session, organization_id, one) for one in reversed(Priority)]
    works = await working_time(session, organization_id)
    today = datetime.now(UTC).astimezone(ZoneInfo(works.time_zone)).date()
    ahead = [one for one in works.holidays if one.day >= today]
    words = {
        "promises": promises,
        "works": works,
        "week": week(shifts_of(works), language),
        "holidays": ahead[:HOLIDAYS_SHOWN],
        "more": max(0, len(ahead) - HOLIDAYS_SHOWN),
    }
    year = year_to_confirm(works, today.year, today.month)
    changing = [
        button(
            "desk_promise", ABOUT, "promise", organization_id, one.priority, words={"priority": one.priority}
        )
        for one in promises
    ]
    calendar = [
        button("desk_hours", ABOUT, "hours", organization_id),
        button("desk_holiday", ABOUT, "holiday", organization_id),
    ]
    confirm = (
        [[button("desk_year", ABOUT, "year", organization_id, year, words={"year": year})]] if year else []
    )
    lists = [button(f"desk_list_{kind}", ABOUT, "list", organization_id, kind) for kind in KINDS]
    keyboard = [*columns(changing, 2), calendar, *confirm, *columns(lists, 2)]
    return DeskPage("replies/desk", words, keyboard)


def year_to_confirm(works: WorkingTime, year: int, month: int) -> int | None:
    """Return the year whose holidays wait for an admin: this one, from December on the next."""
    wanted = year + (month == 12)  # noqa: PLR2004 - December
    return wanted if (works.confirmed_year or 0) < wanted else None


def shifts_of(works: WorkingTime) -> list[Shift]:
    """Return working hours as a week is written."""
    return [Shift(one.weekday, one.from_minute, one.to_minute) for one in works.hours]


async def list_page(session: AsyncSession, organization_id: int, kind: str, language: str) -> DeskPage:
    """Return the modules, categories or canned answers, each one tap from being changed."""
    rows = await items(session, organization_id, kind)
    keyboard = columns(
        [
            named(label(row, language)[:40], ABOUT, "item", organization_id, kind, row.id)
            for row in rows[:SHOWN]
        ],
        2,
    )
    last = [
        button("desk_add", ABOUT, "add", organization_id, kind, style="primary"),
        button("back_to_desk", ABOUT, "open", organization_id),
    ]
    return DeskPage("replies/desk_list", {"kind": kind, "total": len(rows)}, [*keyboard, last])


def item_page(organization_id: int, kind: str, row: Choice | CannedRow) -> DeskPage:
    """Return one of a list with what can be done about it."""
    keyboard = [
        [
            button("desk_rename", ABOUT, "rename", organization_id, kind, row.id),
            button("desk_off", ABOUT, "off", organization_id, kind, row.id, style="danger"),
        ],
        [button("back_to_list", ABOUT, "list", organization_id, kind)],
    ]
    return DeskPage("replies/desk_item", {"kind": kind, "row": row}, keyboard)


async def items(session: AsyncSession, organization_id: int, kind: str) -> list[Choice] | list[CannedRow]:
    """Return the rows of a list."""
    if kind == CANNED:
        return await canned_answers(session, organization_id)
    read = modules if kind == ChoiceKind.MODULE else categories
    return await read(session, organization_id)


def label(row: Choice | CannedRow, language: str) -> str:
    """Return what a row is called."""
    return row.named(language) if isinstance(row, Choice) else row.name
