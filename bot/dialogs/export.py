"""The dialog behind ``/export``: what, of which days, in which format; the file comes as a document."""

import asyncio
import io
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.content import Document
from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ChoiceField, Dialog
from bot.dialogs.pickers import organization_field
from bot.rights import require
from db.papers.exports import Export, Reader
from db.papers.orders import Order, write_export
from db.papers.spreadsheets import MEDIA_TYPES, Kind
from db.queries.exports import count_tasks, organization_zone
from domain.roles import Permission

NAME = "export"
TASKS_MOST = 50_000
"""More tasks than these go by the API: a phone cannot open them, and Telegram takes 50 MB."""


class Period(StrEnum):
    """The days that people ask for."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THREE_MONTHS = "three_months"
    """This month and the two before."""
    THIS_YEAR = "this_year"


def days_of(period: Period, today: date) -> tuple[date, date]:
    """Return the first and the last day of a period; what is planned for later this month belongs to it."""
    first = today.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    before = first - timedelta(days=1)
    match period:
        case Period.THIS_MONTH:
            return first, last
        case Period.LAST_MONTH:
            return before.replace(day=1), before
        case Period.THREE_MONTHS:
            return (before.replace(day=1) - timedelta(days=1)).replace(day=1), last
        case Period.THIS_YEAR:
            return first.replace(month=1), last


def _has_period(answers: Answers) -> bool:
    return answers.get("what") != Export.MACHINES


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:  # noqa: ARG001 - nothing is changed
    """Write the file, keep its bytes and send it."""
    number = answers["organization"].id
    me = require(context, Permission.SEE_FIGURES, number)
    file = io.BytesIO()
    async with context.transaction() as session:
        zone = await organization_zone(session, number)
        today = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
        first, last = days_of(Period(answers.get("period") or Period.THIS_MONTH), today)
        kind, export = Kind(answers["kind"]), Export(answers["what"])
        order = Order(export, kind, number, first, last, Reader(me.language, zone))
        if export == Export.TASKS and await count_tasks(session, number, order.period) > TASKS_MOST:
            await context.reply("replies/export_too_big", most=TASKS_MOST)
            return
        lines = await write_export(session, order, file)
    sha256 = await asyncio.to_thread(context.files.put, file.getvalue())
    document = Document(sha256, order.file_name, MEDIA_TYPES[kind])
    await context.reply(
        "replies/exported", document=document, export=export, first=first, last=last, lines=lines
    )


EXPORT = Dialog(
    NAME,
    fields=(
        organization_field(Permission.SEE_FIGURES),
        ChoiceField(name="what", choices=tuple(Export), labels="export", width=1),
        ChoiceField(name="period", choices=tuple(Period), labels="period", when=_has_period),
        ChoiceField(name="kind", choices=(Kind.XLSX, Kind.CSV), labels="kind"),
    ),
    finish=finish,
)
