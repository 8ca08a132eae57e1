"""``/stats``: the helpdesk's figures as one picture, or for a period as a report."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import STATS
from bot.content import Document
from bot.context import SiagaContext
from bot.dialogs.pickers import organizations_with
from bot.registration import on_command
from db.papers.charts import ticket_chart
from db.papers.tickets import MEDIA_TYPE, tickets_report_pdf
from db.queries.ticket_filters import TicketFilter
from db.queries.ticket_trends import trends
from db.queries.tickets import TicketDetail, list_tickets
from domain.roles import Permission
from domain.tickets import OPEN_TICKETS

DAYS = 30
PERIODS = {"week": 7, "minggu": 7, "month": 30, "bulan": 30}
OPEN_MOST = 2000


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command."""
    application.add_handlers([on_command(STATS.names, show)])


async def show(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the picture, or with ``pdf`` the report; ``week`` or ``month`` say how far they look back."""
    options = await organizations_with(context, Permission.REVIEW_TICKETS)
    asked = {word.lower() for word in context.args or ()}
    days = next((number for word, number in PERIODS.items() if word in asked), DAYS)
    me, now = context.me, datetime.now(UTC)
    name = options[0].label if len(options) == 1 else ""
    within = [option.id for option in options]
    async with context.transaction() as session:
        found = await trends(session, within, now=now, days=days, zone=me.time_zone)
        wanted = TicketFilter(organizations=within, statuses=sorted(OPEN_TICKETS))
        rows = await list_tickets(session, wanted, limit=OPEN_MOST)
    if "pdf" not in asked:
        picture = await asyncio.to_thread(ticket_chart, found, name, context.language)
        sha256 = await asyncio.to_thread(context.files.put, picture)
        await context.reply("replies/stats", photo=sha256, found=found)
        return
    late = [row for row in rows if _is_late(row, now)]
    paper = await asyncio.to_thread(tickets_report_pdf, found, late, name, context.language, me.time_zone)
    sha256 = await asyncio.to_thread(context.files.put, paper)
    document = Document(sha256, f"{STATS.spelled(context.language)}-{now:%Y-%m-%d}.pdf", MEDIA_TYPE)
    await context.reply("replies/stats", document=document, found=found)


def _is_late(row: TicketDetail, now: datetime) -> bool:
    return row.solution_kept is False or (row.solution_due_at is not None and row.solution_due_at < now)
