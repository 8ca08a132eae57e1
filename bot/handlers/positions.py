"""Shared positions: where the person is now, followed while live until the work starts (WORDS 5)."""

from typing import Any

from telegram import Message, Update
from telegram.ext import Application

from bot.arriving import within_radius
from bot.context import SiagaContext
from bot.dialogs.places import place_in
from bot.handlers.my_machines import show_machines
from bot.handlers.words import say_what_helps
from bot.keyboards import button
from bot.notices import ABOUT_TASK
from bot.registration import is_private, on_moved_place, on_place
from bot.which_task import fitting_tasks
from db.positions import note_position
from db.queries.positions import Seen
from domain.assignments import AssignmentMove


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie positions that are sent, and live ones that move."""
    application.add_handlers([on_place(take_place), on_moved_place(follow)])


async def take_place(update: Update, context: SiagaContext) -> None:
    """Keep where the person is; offer to start where a task waits, else show the nearest machines."""
    seen = _seen(context, update.message)
    if seen is None or context.person is None or not is_private(update):
        await say_what_helps(update, context)
        return
    async with context.transaction() as session:
        await note_position(session, context.me.user_id, seen)
    tasks = await fitting_tasks(context, AssignmentMove.START)
    here = [one for one in tasks if await within_radius(context, one, seen)]
    if here:
        rows = [
            [button("start_task", ABOUT_TASK, AssignmentMove.START, one.assignment_id, words={"task": one})]
            for one in here
        ]
        await context.reply("replies/here", keyboard=rows, tasks=here)
    elif seen.is_live and tasks:
        await context.reply("replies/followed", task=tasks[0])
    else:
        await show_machines(update, context)


async def follow(update: Update, context: SiagaContext) -> None:
    """Keep the latest point of a live location while a task waits to be started; nothing is answered."""
    seen = _seen(context, update.edited_message)
    if seen is None or context.person is None or not is_private(update):
        return
    if await fitting_tasks(context, AssignmentMove.START):
        async with context.transaction() as session:
            await note_position(session, context.me.user_id, seen)


def _seen(context: SiagaContext, message: Message | None) -> Seen | None:
    place = place_in(message) if message is not None else None
    if place is None:
        return None
    return Seen(place.latitude, place.longitude, place.accuracy_m, place.how == "live", context.said_at)
