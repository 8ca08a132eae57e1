"""Taps on the checklist of a task in progress."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.checking import all_ok, ask_next, ask_step, tick
from bot.context import SiagaContext
from bot.registration import on_tap
from bot.task_moves import task
from domain.chat import Thing
from domain.checklists import CheckOutcome
from domain.errors import OldCard


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the buttons of the checklist."""
    card = Thing.CHECKLIST
    application.add_handlers(
        [
            *(on_tap(card, outcome, answer) for outcome in CheckOutcome),
            on_tap(card, "all_ok", answer_all),
            on_tap(card, "ask", ask),
            on_tap(card, "fill", fill),
        ]
    )


async def answer(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Set one tick to what the button says."""
    outcome = CheckOutcome(context.tap.action)
    await tick(context, context.source, context.tap.id, [context.tap.args[0]], outcome)
    await context.answer()


async def answer_all(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Set every open tick to OK."""
    await all_ok(context, context.source, await task(context, context.tap.id))


async def ask(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for a number, a text or a photo; one that was given already may be given anew."""
    found = await task(context, context.tap.id)
    item = next((one for one in found.checklist if one.code == context.tap.args[0]), None)
    if item is None:
        raise OldCard
    await ask_step(context, found, item)


async def fill(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for what is still open, one by one."""
    found = await task(context, context.tap.id)
    if not await ask_next(context, found, leaving=set()):
        raise OldCard
