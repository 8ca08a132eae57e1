"""The dialogs behind ``/helpdesk``: what is promised, when the helpdesk works, what its lists hold."""

import dataclasses
import re
from typing import Any

from bot.context import SiagaContext
from bot.desk_pages import list_page, overview
from bot.dialogs.desk_reading import read_day, read_hours, read_office
from bot.dialogs.fields import Answers, ChoiceField, Dialog, NumberField, TextField
from bot.rights import require
from db.helpdesk_audit import By
from db.helpdesk_choices import Canned, ChoiceKind, ChoiceWords, add_choice, change_choice, write_canned
from db.promises import Promise, write_calendar, write_policy
from db.public_holidays import Holiday
from db.queries.promises import working_time
from domain.errors import InvalidInput
from domain.priorities import Priority
from domain.roles import Permission

CHOICE, CANNED, PROMISE, HOURS, HOLIDAY = (
    "desk_choice",
    "desk_canned",
    "desk_promise",
    "desk_hours",
    "desk_holiday",
)
_RIGHT = Permission.MANAGE_HELPDESK
_NAME = re.compile(r"[a-z0-9_-]{1,50}")
BY_CALENDAR, ALWAYS = "by_calendar", "always"


async def _show_overview(context: SiagaContext, organization_id: int) -> None:
    async with context.transaction() as session:
        page = await overview(session, organization_id, context.language)
    await context.reply(page.template, keyboard=page.keyboard, **page.words)


async def _show_list(context: SiagaContext, organization_id: int, kind: str) -> None:
    async with context.transaction() as session:
        page = await list_page(session, organization_id, kind, context.language)
    await context.reply(page.template, keyboard=page.keyboard, **page.words)


async def _finish_choice(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - no workflow
    organization, kind = answers["organization"], ChoiceKind(answers["kind"])
    require(context, _RIGHT, organization)
    words = ChoiceWords(answers["name"], answers.get("name_en") or "")
    async with context.transaction() as session:
        if answers.get("number"):
            await change_choice(session, kind, organization, answers["number"], words)
        else:
            await add_choice(session, kind, organization, words)
    await _show_list(context, organization, kind)


async def _check_name(context: SiagaContext, value: Any, answers: Answers) -> None:  # noqa: ANN401, ARG001 - a check's shape
    if not _NAME.fullmatch(value.lower()):
        raise InvalidInput(field="name", problem="canned_name")


async def _finish_canned(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - no workflow
    organization = answers["organization"]
    require(context, _RIGHT, organization)
    canned = Canned(answers["name"].lower(), answers["text_id"], answers.get("text_en") or "")
    async with context.transaction() as session:
        await write_canned(session, organization, canned, answers.get("number") or None)
    await _show_list(context, organization, "canned")


async def _check_first(context: SiagaContext, value: Any, answers: Answers) -> None:  # noqa: ANN401, ARG001 - a check's shape
    read_hours(value)


async def _check_solution(context: SiagaContext, value: Any, answers: Answers) -> None:  # noqa: ANN401, ARG001 - a check's shape
    if read_hours(value) < read_hours(answers["first_answer"]):
        raise InvalidInput(field="solution", problem="solution_before_answer")


async def _finish_promise(context: SiagaContext, answers: Answers, source: str) -> None:
    organization = answers["organization"]
    me = require(context, _RIGHT, organization)
    promise = Promise(
        read_hours(answers["first_answer"]), read_hours(answers["solution"]), answers["clock"] == ALWAYS
    )
    async with context.transaction() as session:
        by = By(me.user_id, source)
        await write_policy(session, organization, Priority(answers["priority"]), promise, by)
    await _show_overview(context, organization)


async def _check_week(context: SiagaContext, value: Any, answers: Answers) -> None:  # noqa: ANN401, ARG001 - a check's shape
    read_office(value)


async def _finish_hours(context: SiagaContext, answers: Answers, source: str) -> None:
    organization = answers["organization"]
    me = require(context, _RIGHT, organization)
    async with context.transaction() as session:
        works = await working_time(session, organization)
        wanted = dataclasses.replace(works, hours=read_office(answers["week"]))
        await write_calendar(session, organization, wanted, By(me.user_id, source))
    await _show_overview(context, organization)


async def _check_day(context: SiagaContext, value: Any, answers: Answers) -> None:  # noqa: ANN401, ARG001 - a check's shape
    read_day(value)


async def _finish_holiday(context: SiagaContext, answers: Answers, source: str) -> None:
    organization = answers["organization"]
    me = require(context, _RIGHT, organization)
    day = read_day(answers["day"])
    async with context.transaction() as session:
        works = await working_time(session, organization)
        days = {one.day: one for one in works.holidays}
        # A day that is off already is a working day from now on.
        if days.pop(day, None) is None:
            days[day] = Holiday(day, answers.get("name") or "")
        wanted = dataclasses.replace(works, holidays=tuple(days[one] for one in sorted(days)))
        await write_calendar(session, organization, wanted, By(me.user_id, source))
    await _show_overview(context, organization)


_ORGANIZATION = NumberField(name="organization")
DESK_DIALOGS = (
    Dialog(
        CHOICE,
        fields=(
            _ORGANIZATION,
            TextField(name="kind"),
            NumberField(name="number"),
            TextField(name="name", max_length=100),
            TextField(name="name_en", max_length=100, optional=True),
        ),
        finish=_finish_choice,
    ),
    Dialog(
        CANNED,
        fields=(
            _ORGANIZATION,
            NumberField(name="number"),
            TextField(name="name", max_length=50, check=_check_name),
            TextField(name="text_id", max_length=3000),
            TextField(name="text_en", max_length=3000, optional=True),
        ),
        finish=_finish_canned,
    ),
    Dialog(
        PROMISE,
        fields=(
            _ORGANIZATION,
            TextField(name="priority"),
            TextField(name="first_answer", max_length=40, check=_check_first),
            TextField(name="solution", max_length=40, check=_check_solution),
            ChoiceField(name="clock", choices=(BY_CALENDAR, ALWAYS)),
        ),
        finish=_finish_promise,
    ),
    Dialog(
        HOURS,
        fields=(_ORGANIZATION, TextField(name="week", max_length=300, check=_check_week)),
        finish=_finish_hours,
    ),
    Dialog(
        HOLIDAY,
        fields=(
            _ORGANIZATION,
            TextField(name="day", max_length=20, check=_check_day),
            TextField(name="name", max_length=100, optional=True),
        ),
        finish=_finish_holiday,
    ),
)
