"""``/tasks``: what the technician is asked for and holds, each one tap from its card."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import TASKS, holds
from bot.context import SiagaContext
from bot.keyboards import Button, button
from bot.notices import ABOUT_TASK
from bot.registration import on_command, on_tap
from db.queries.assignments import AssignmentDetail, open_assignments_of
from domain.chat import Thing
from domain.errors import NotAllowed
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the buttons of the list."""
    application.add_handlers([on_command(TASKS.names, show_tasks), on_tap(ABOUT_TASK, "open", open_task)])


async def show_tasks(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """List the person's open tasks."""
    if not holds(context.me, Permission.DO_ASSIGNMENTS):
        raise NotAllowed
    async with context.transaction() as session:
        tasks = await open_assignments_of(session, context.me.user_id)
    await context.reply("replies/tasks", keyboard=[[open_button(task)] for task in tasks], tasks=tasks)


def open_button(task: AssignmentDetail) -> Button:
    """Return a button that brings a task's card to the bottom of the chat."""
    return button("open_task", ABOUT_TASK, "open", task.assignment_id, words={"task": task})


async def open_task(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the card of a listed task."""
    await context.show_card(Thing.ASSIGNMENT, context.tap.id)
