"""The pages of ``/settings``: areas, one area, one value, the messages. All are the same message, edited."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.keyboards import Button, button, columns, named
from db.queries.settings import own_loudness, own_settings
from domain.chat import Loudness
from domain.notices import ADJUSTABLE, NOTICES
from domain.settings import TABLE, Area, setting_named, suggestions

ABOUT = "conf"
"""What these buttons are about; short, since a key and a value share 64 bytes with it."""
MESSAGES_PAGE = 8


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """A template, what it shows, and its buttons."""

    template: str
    words: dict[str, Any]
    keyboard: list[list[Button]]


def organizations_page(organizations: dict[int, str]) -> SettingsPage:
    """Return the choice of an organization, for who has several."""
    rows = [[named(label, ABOUT, "areas", number)] for number, label in organizations.items()]
    return SettingsPage("replies/settings_organizations", {}, rows)


async def areas_page(session: AsyncSession, organization_id: int, name: str) -> SettingsPage:
    """Return the areas with what the organization has set itself."""
    own = await own_settings(session, organization_id)
    loud = await own_loudness(session, organization_id)
    areas = [
        button("settings_area", ABOUT, "area", organization_id, area, words={"area": area})
        for area in Area
        if any(row.area == area for row in TABLE)
    ]
    messages = button("settings_messages", ABOUT, "messages", organization_id, 0)
    words = {"name": name, "own": [(row, own[row.key]) for row in TABLE if row.key in own], "loud": loud}
    return SettingsPage("replies/settings", words, columns([*areas, messages], 2))


async def area_page(session: AsyncSession, organization_id: int, area: Area) -> SettingsPage:
    """Return the values of an area, each one tap from being changed."""
    own = await own_settings(session, organization_id)
    rows = [(row, own.get(row.key, row.default), row.key in own) for row in TABLE if row.area == area]
    keyboard = [
        [
            button(
                "setting",
                ABOUT,
                "value",
                organization_id,
                row.key,
                words={"row": row, "value": value, "own": is_own},
            )
        ]
        for row, value, is_own in rows
    ]
    back = button("back_to_settings", ABOUT, "areas", organization_id)
    return SettingsPage("replies/settings_area", {"area": area, "rows": rows}, [*keyboard, [back]])


async def value_page(session: AsyncSession, organization_id: int, key: str) -> SettingsPage:
    """Return one value with round values around it, and the ways to type one or to go back to the default."""
    row, own = setting_named(key), await own_settings(session, organization_id)
    value = own.get(key, row.default)
    words = {"row": row, "value": value, "own": key in own, "default": row.default}
    offered = [
        button(
            "setting_value",
            ABOUT,
            "set",
            organization_id,
            key,
            written(one),
            style="success" if one == value else None,
            words={"value": one, "unit": row.unit},
        )
        for one in suggestions(row, value)
    ]
    last = [button("setting_type", ABOUT, "type", organization_id, key)]
    if key in own:
        last.append(button("setting_default", ABOUT, "reset", organization_id, key))
    back = button("back_to_area", ABOUT, "area", organization_id, row.area, words={"area": row.area})
    return SettingsPage("replies/setting", words, [*columns(offered, 3), last, [back]])


async def messages_page(session: AsyncSession, organization_id: int, page: int) -> SettingsPage:
    """Return how loud each kind of message is; a tap turns it over."""
    own = await own_loudness(session, organization_id)
    pages = -(-len(ADJUSTABLE) // MESSAGES_PAGE)
    page = min(max(page, 0), pages - 1)
    shown = ADJUSTABLE[page * MESSAGES_PAGE : (page + 1) * MESSAGES_PAGE]
    rows = [(name, own.get(name, NOTICES[name].loudness), name in own) for name in shown]
    keyboard = [
        [
            button(
                "settings_message",
                ABOUT,
                "loud",
                organization_id,
                name,
                Loudness.SOUND if loudness == Loudness.SILENT else Loudness.SILENT,
                words={"notice": name, "loudness": loudness},
            )
        ]
        for name, loudness, _ in rows
    ]
    turning = []
    if page > 0:
        turning.append(button("previous_page", ABOUT, "messages", organization_id, page - 1))
    if page + 1 < pages:
        turning.append(button("next_page", ABOUT, "messages", organization_id, page + 1))
    back = button("back_to_settings", ABOUT, "areas", organization_id)
    words = {"rows": rows, "page": page + 1, "pages": pages}
    return SettingsPage("replies/settings_messages", words, [*keyboard, turning, [back]])


def written(value: float) -> str:
    """Return a value as a button carries it."""
    return str(int(value)) if value == int(value) else str(value)
