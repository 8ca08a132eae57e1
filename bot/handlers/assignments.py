"""Taps on a task's card: the technician's verbs and the dispatcher's."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.commands import ASSIGN
from bot.context import SiagaContext
from bot.dialogs import assign, task_moves
from bot.dialogs.fields import Picked
from bot.dialogs.pickers import known_organization
from bot.notices import ABOUT_TASK
from bot.places import send_place
from bot.registration import on_command, on_tap
from bot.rights import require
from bot.task_moves import move, self_test_stands_in_the_way, task
from db.queries.assignments import AssignmentDetail
from domain.assignments import ASSIGNMENT, AssignmentMove
from domain.chat import Thing
from domain.errors import NotYours, PhotoRequired
from domain.onboarding import OnboardingCommand, OnboardingMove
from domain.roles import Permission

DIALOGS = {
    AssignmentMove.DECLINE: task_moves.DECLINE,
    AssignmentMove.HAND_BACK: task_moves.HAND_BACK,
    AssignmentMove.CANCEL: task_moves.CANCEL,
    AssignmentMove.OFFER: task_moves.OFFER,
}
"""Moves that ask something first."""


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the buttons of the card and of the notices about it."""
    card = Thing.ASSIGNMENT
    application.add_handlers(
        [
            on_command(ASSIGN.names, begin),
            on_tap(card, AssignmentMove.ACCEPT, at_once),
            on_tap(ABOUT_TASK, AssignmentMove.ACCEPT, at_once),
            on_tap(card, AssignmentMove.START, at_once),
            on_tap(card, AssignmentMove.COMPLETE, complete),
            *(on_tap(thing, verb, ask_first) for verb in DIALOGS for thing in (card, ABOUT_TASK)),
            on_tap(card, "map", show_map),
            on_tap(card, "new_code", help_installer),
            on_tap(card, "retest", help_installer),
        ]
    )


async def begin(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask what is to be done, where, and by whom."""
    await context.open_dialog(assign.NAME, **await known_organization(context, Permission.MANAGE_ASSIGNMENTS))


async def at_once(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Accept or start: the workflow judges, the card shows the result."""
    verb = AssignmentMove(context.tap.action)
    view = await move(context, context.source, context.tap.id, verb)
    await context.answer(f"toasts/{verb}", machine=view.machine_name)


async def ask_first(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Open the short dialog of a move; one that is not possible any more is refused before it asks."""
    verb = AssignmentMove(context.tap.action)
    found = await _possible(context, verb)
    organization = Picked(found.organization_id, "")
    await context.open_dialog(
        DIALOGS[verb], task=found.assignment_id, organization=organization, **_about(found)
    )


async def complete(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask for notes; without a photo there is nothing to complete yet."""
    await begin_completion(context, await _possible(context, AssignmentMove.COMPLETE))


async def begin_completion(context: SiagaContext, found: AssignmentDetail) -> None:
    """Ask for notes before a task is completed; raises ``PhotoRequired`` while it has no photo."""
    if not found.photos:
        raise PhotoRequired
    await open_completion(context, found)


async def open_completion(context: SiagaContext, found: AssignmentDetail, notes: str | None = None) -> None:
    """Open the completion's dialog; a failing self-test asks for a reason first (WORDS 3)."""
    known: dict[str, object] = {} if notes is None else {"notes": notes}
    failing = self_test_stands_in_the_way(found)
    about = _about(found)
    await context.open_dialog(
        task_moves.COMPLETE, task=found.assignment_id, failing=failing, **about, **known
    )


async def _possible(context: SiagaContext, verb: AssignmentMove) -> AssignmentDetail:
    """Return the task when the table and the person allow the move."""
    found = await task(context, context.tap.id)
    permission = ASSIGNMENT.permission(found.status, verb)
    if permission == Permission.DO_ASSIGNMENTS and not found.concerns(context.me.user_id):
        raise NotYours(holder=found.assigned_to_name)
    if permission is not None:
        require(context, permission, found.organization_id)
    return found


def _about(found: AssignmentDetail) -> dict[str, object]:
    """Return what the dialogs' questions mention."""
    return {"machine_name": found.machine_name, "task_type": found.task_type.value}


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
