"""``/start`` and ``/help``: an honest hello, the one-time link that lets people in, what one can do here."""

from typing import Any

from telegram import Update, User
from telegram.ext import Application

from bot.commands import HELP, START, commands_for
from bot.context import SiagaContext
from bot.handlers.arrivals import scan
from bot.intake import show_desk
from bot.joining import code_in_link, identity, join
from bot.menus import show_menu_of
from bot.registration import on_command
from bot.ticket_moves import is_customer
from db import people
from db.chat.cards import ensure_card
from db.queries.invites import invite_detail
from domain.chat import Loudness, Thing
from domain.machine_codes import machine_in_link


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the commands."""
    application.add_handlers([on_command(START.names, start), on_command(HELP.names, show_help)])


async def start(update: Update, context: SiagaContext) -> None:
    """Open the link that came with the command, or say honestly what there is here for this person."""
    user = update.effective_user
    scanned = machine_in_link(context.args[0]) if context.args else None
    if scanned is not None:
        await scan(context, scanned)
    elif context.args and user is not None and (code := code_in_link(context.args[0])):
        await join(context, code, user)
    elif context.args and user is not None:
        await _open_link(context, context.args[0], user)
    elif context.person is None:
        await context.reply("replies/start_stranger")
    elif is_customer(context.person):
        await show_desk(context)
        await show_menu_of(context, context.person.user_id)
    else:
        await context.reply("replies/start", commands=commands_for(context.person))
        await show_menu_of(context, context.person.user_id)


async def show_help(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Say what this person can do here."""
    await context.reply("replies/help", commands=commands_for(context.person))


async def _open_link(context: SiagaContext, code: str, user: User) -> None:
    """Take the link: others are in at once, staff wait until the inviter has said that it is them."""
    who = identity(context, user)
    async with context.transaction() as session:
        opened = await people.open_invite(session, code, who)
        invite = await invite_detail(session, opened.invite_id)
        if opened.user_id is None and opened.invited_by is not None:
            inviter, source = opened.invited_by, context.source
            await ensure_card(
                session, Thing.INVITE, opened.invite_id, inviter, loudness=Loudness.SOUND, source=source
            )
    if opened.user_id is None:
        await context.reply("replies/invite_waiting", invite=invite)
        return
    await context.reply("replies/invite_linked", invite=invite)
    await show_menu_of(context, opened.user_id)
