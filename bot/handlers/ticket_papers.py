"""Tickets to keep: one ticket's story as PDF, a pharmacy's tickets as CSV."""

import asyncio
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.cards.ticket import ABOUT_TICKET
from bot.content import Document
from bot.context import SiagaContext
from bot.registration import on_tap
from bot.ticket_moves import customers_scope, pharmacies_named, pharmacies_of
from bot.ticket_story import LINES_ON_PAPER, story_of
from db.papers.spreadsheets import MEDIA_TYPES, Kind
from db.papers.tickets import MEDIA_TYPE, ticket_story_pdf, tickets_csv
from db.queries.ticket_filters import TicketFilter
from db.queries.tickets import list_tickets
from domain.chat import Thing

TICKETS_MOST = 5000
"""The newest; more are fetched by the API, page by page."""


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the button of the card and of the story, and that of the list."""
    application.add_handlers(
        [
            on_tap(Thing.TICKET, "pdf", send_story),
            on_tap(ABOUT_TICKET, "pdf", send_story),
            on_tap(ABOUT_TICKET, "csv", send_table),
        ]
    )


async def send_story(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send what happened to a ticket, as this person may read it."""
    story, me = await story_of(context, context.tap.id, LINES_ON_PAPER), context.me
    ticket = story.ticket
    paper = await asyncio.to_thread(ticket_story_pdf, ticket, story.lines, me.language, me.time_zone)
    await _send(context, paper, f"{ticket.number}.pdf", MEDIA_TYPE, ticket.pharmacy_name)


async def send_table(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the pharmacy's tickets."""
    me = context.me
    async with context.transaction(customers_scope(me)) as session:
        rows = await list_tickets(session, TicketFilter(pharmacies=pharmacies_of(me)), limit=TICKETS_MOST)
    table = await asyncio.to_thread(tickets_csv, rows, me.language, me.time_zone)
    await _send(context, table, "tickets.csv", MEDIA_TYPES[Kind.CSV], pharmacies_named(me))


async def _send(
    context: SiagaContext, content: bytes, name: str, media_type: str, pharmacy: str | None
) -> None:
    sha256 = await asyncio.to_thread(context.files.put, content)
    document = Document(sha256, name, media_type)
    await context.reply("replies/ticket_paper", document=document, pharmacy=pharmacy)
