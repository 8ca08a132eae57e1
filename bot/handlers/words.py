"""Typed words and keys of the keyboard: what works with one bar of signal (WORDS 5)."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.by_word import NEEDS, obey
from bot.context import SiagaContext
from bot.intake import replied_ticket, say_in, take_in
from bot.joining import say_or_join
from bot.letting_in import pin_by_word
from bot.registration import is_private, on_message, on_text
from bot.spoken import Verb, read
from bot.ticket_moves import is_customer, works_besides
from bot.which_task import fitting_tasks, the_one
from domain.assignments import AssignmentMove


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie typed text; after all other handlers, since text may be anything."""
    application.add_handlers([on_text(take_text), on_message(say_what_helps)])


async def take_text(update: Update, context: SiagaContext) -> None:
    """Do what a word asks for; anything else is answered with what helps: a photo while work goes on."""
    if not is_private(update) or context.person is None:
        await say_what_helps(update, context)
        return
    if is_customer(context.person):
        await take_in(context)
        return
    if works_besides(context.person) and (replied := await replied_ticket(context)) is not None:
        await say_in(context, replied)
        return
    said = read(update.message.text or "") if update.message else None
    if said is not None and said.verb == Verb.PIN:
        await pin_by_word(context, said.number)
        return
    if said is not None and said.verb in NEEDS:
        await obey(context, said)
        return
    running = the_one(await fitting_tasks(context, AssignmentMove.PHOTO))
    if running is None:
        await say_what_helps(update, context)
    else:
        await context.reply("replies/photo_wanted", task=running)


async def say_what_helps(update: Update, context: SiagaContext) -> None:
    """Answer a message nobody expects, in private chats only."""
    if not is_private(update):
        return
    if is_customer(context.person) or works_besides(context.person):
        await take_in(context)
    elif context.person is None or not context.person.memberships:
        await say_or_join(update, context)
    else:
        await context.reply("replies/not_understood")
