"""Taps on a task's card: the technician's verbs and the dispatcher's."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.accepting import accept
from bot.arriving import begin_work
from bot.commands import ASSIGN
from bot.completing import complete, undo
from bot.context import SiagaContext
from bot.dialogs import assign
from bot.dialogs.pickers import known_organization
from bot.dialogs.task_moves import DIALOGS
from bot.notices import ABOUT_TASK
from bot.places import send_place
from bot.registration import on_command, on_tap
from bot.rights import require
from bot.task_moves import about, task
from db.queries.assignments import AssignmentDetail
from domain.assignments import ASSIGNMENT, AssignmentMove
from domain.chat import Thing
from domain.errors import NotYours
from domain.onboarding import OnboardingCommand, OnboardingMove
from domain.roles import Permission


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the buttons of the card and of the notices about it."""
    card = Thing.ASSIGNMENT
    application.add_handlers(
        [
            on_command(ASSIGN.names, begin),
            *(on_tap(thing, AssignmentMove.ACCEPT, take) for thing in (card, ABOUT_TASK)),
            *(on_tap(thing, AssignmentMove.START, begin_working) for thing in (card, ABOUT_TASK)),
            *(on_tap(thing, AssignmentMove.COMPLETE, finish_working) for thing in (card, ABOUT_TASK)),
            on_tap(card, AssignmentMove.UNDO, take_back),
            *(on_tap(thing, verb, ask_first) for verb in DIALOGS for thing in (card, ABOUT_TASK)),
            on_tap(card, "checklist", show_checklist),
            on_tap(card, "map", show_map),
            on_tap(card, "new_code", help_installer),
            on_tap(card, "retest", help_installer),
        ]
    )


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask what is to be done, where, and by whom."""
    await context.open_dialog(assign.NAME, **await known_organization(context, Permission.MANAGE_ASSIGNMENTS))


async def take(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Accept: the workflow judges, the card shows the result."""
    await accept(context, context.source, context.tap.id)


async def begin_working(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Start on the position the person shows; without one, ask for the arrival."""
    found = await _possible(context, AssignmentMove.START)
    await begin_work(context, context.source, found, context.said_at)


async def finish_working(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Complete at once: two minutes to take it back stand in place of a summary."""
    found = await _possible(context, AssignmentMove.COMPLETE)
    await complete(context, context.source, found)


async def take_back(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Undo a completion."""
    await undo(context, context.source, context.tap.id)


async def ask_first(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Open the short dialog of a move; one that is not possible any more is refused before it asks."""
    verb = AssignmentMove(context.tap.action)
    found = await _possible(context, verb)
    await context.open_dialog(DIALOGS[verb], **about(found))


async def _possible(context: SiagaContext, verb: AssignmentMove) -> AssignmentDetail:
    """Return the task when the table and the person allow the move."""
    found = await task(context, context.tap.id)
    permission = ASSIGNMENT.permission(found.status, verb)
    if permission == Permission.DO_ASSIGNMENTS and not found.concerns(context.me.user_id):
        raise NotYours(holder=found.assigned_to_name)
    if permission is not None:
        require(context, permission, found.organization_id)
    return found


async def show_checklist(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Bring the checklist to the bottom of the chat."""
    found = await task(context, context.tap.id)
    await context.show_card(Thing.CHECKLIST, found.assignment_id)


async def show_map(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the machine's place as a map point."""
    found = await task(context, context.tap.id)
    await send_place(context, found.latitude, found.longitude, found.machine_name, found.machine_address)


async def help_installer(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Give the installer a new setup code or another test: a right on one's own installation (WORDS 1)."""
    found = await task(context, context.tap.id)
    me = require(context, Permission.REISSUE_KEY, found.organization_id)
    verb = OnboardingMove.RETEST if context.tap.action == "retest" else OnboardingMove.REISSUE_KEY
    command = OnboardingCommand(verb, me.user_id, me.name)
    context.settled(await context.gateway.move_onboarding(context.source, found.machine_uuid, command))
    await context.answer(f"toasts/{verb}")
