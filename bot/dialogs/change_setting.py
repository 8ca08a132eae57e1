"""The dialog that takes a setting's value as text: the buttons offer only round ones."""

from typing import Any

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, TextField
from bot.dialogs.quantities import read_quantity
from bot.rights import require
from bot.settings_pages import area_page
from db import settings
from db.queries.settings import setting
from db.queries.settings import settings as all_settings
from domain.errors import InvalidInput
from domain.roles import Permission
from domain.settings import checked, setting_named

NAME = "setting"


async def _read(context: SiagaContext, answers: Answers, text: str) -> float:
    """Return the typed value; raises ``InvalidInput`` when it cannot be read."""
    row = setting_named(answers["key"])
    async with context.transaction() as session:
        present = await setting(session, answers["organization"].id, row.key)
    value = read_quantity(text, row.unit, present)
    if value is None:
        raise InvalidInput(field="value", problem="not_a_quantity")
    return value


async def _check(context: SiagaContext, value: Any, answers: Answers) -> None:  # noqa: ANN401 - a check's shape
    number = await _read(context, answers, value)
    async with context.transaction() as session:
        checked(await all_settings(session, answers["organization"].id), {answers["key"]: number})


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Save the value and show its area again."""
    organization, row = answers["organization"], setting_named(answers["key"])
    me = require(context, Permission.MANAGE_SETTINGS, organization.id)
    changes = settings.Changes(values={row.key: await _read(context, answers, answers["value"])})
    async with context.transaction() as session:
        await settings.change(session, organization.id, changes, actor_id=me.user_id, source=source)
        page = await area_page(session, organization.id, row.area)
    await context.reply(page.template, keyboard=page.keyboard, **page.words)


CHANGE_SETTING = Dialog(
    NAME,
    # Organization and key are known from the button.
    fields=(
        TextField(name="organization"),
        TextField(name="key"),
        TextField(name="value", max_length=40, check=_check),
    ),
    finish=finish,
)
