"""Reports of problems: how anybody opens one, and what a dispatcher does about it."""

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.context import SiagaContext
from bot.dialogs import assign, dismiss_problem, report_problem
from bot.dialogs.fields import Picked
from bot.html_text import shorten
from bot.notices import ABOUT_MACHINE
from bot.problem_moves import assign as assign_to_task
from bot.problem_moves import problem
from bot.registration import on_tap
from bot.task_moves import task
from db.files import file_by_id
from db.queries.machines import MachineDetail, machine_by_id
from db.queries.problems import photos_of_reports
from domain.assignments import TaskType
from domain.chat import Thing
from domain.errors import NotFound, NotPossibleNow
from domain.priorities import Priority
from domain.problems import PROPOSED_PRIORITY, ProblemStatus


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the buttons of a report's card, and the one on a task's card that shows the report's photos."""
    thing = Thing.PROBLEM
    application.add_handlers(
        [
            on_tap(thing, "assign", make_task),
            on_tap(thing, "dismiss", dismiss),
            on_tap(thing, "link", link),
            on_tap(thing, "task", open_task),
            on_tap(Thing.ASSIGNMENT, "report_photos", show_photos),
            on_tap(ABOUT_MACHINE, "report", report_here),
        ]
    )


async def open_report(context: SiagaContext, machine: MachineDetail) -> None:
    """Ask anybody, also without an account, what is wrong at a machine."""
    await context.open_dialog(
        report_problem.NAME,
        machine=machine.machine_id,
        machine_name=machine.name,
        language=context.language,
    )


async def report_here(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask what is wrong at the machine of a button."""
    async with context.transaction() as session:
        machine = await machine_by_id(session, context.tap.id)
    if machine is None:
        raise NotFound(noun="machine")
    await open_report(context, machine)


async def make_task(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Open the assigning dialog with all that the report says already."""
    found = await problem(context, context.tap.id)
    if found.status != ProblemStatus.OPEN:
        raise NotPossibleNow(noun="problem", status=found.status.value, move="assign")
    audience = context.handling.audience
    said = context.parts.renderer.plain("partials/problem_description", audience, {"thing": found})
    await context.open_dialog(
        assign.NAME,
        problem=found.report_id,
        organization=Picked(found.organization_id, ""),
        machine=Picked(found.machine_id, found.machine_name),
        task_type=TaskType.REPAIR.value,
        priority=max((PROPOSED_PRIORITY[kind] for kind in found.kinds), key=list(Priority).index).value,
        description=shorten(said, assign.DESCRIPTION_LENGTH),
    )


async def dismiss(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Ask why the report needs no task."""
    found = await problem(context, context.tap.id)
    if found.status != ProblemStatus.OPEN:
        raise NotPossibleNow(noun="problem", status=found.status.value, move="dismiss")
    await context.open_dialog(dismiss_problem.NAME, problem=found.report_id, machine_name=found.machine_name)


async def link(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Say that an open task at the machine takes care of it."""
    number = int(context.tap.args[0])
    await assign_to_task(context, context.tap.id, number, context.source)
    await context.answer("toasts/problem_linked", number=number)


async def open_task(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send the card of the task that takes care of it."""
    found = await problem(context, context.tap.id)
    if found.assignment_id is not None:
        await context.show_card(Thing.ASSIGNMENT, found.assignment_id)


async def show_photos(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Send what was photographed by those who reported the problem of a task."""
    found = await task(context, context.tap.id)
    async with context.transaction() as session:
        lines = await photos_of_reports(session, found.assignment_id)
        files = [await file_by_id(session, line.file_id or 0) for line in lines]
    for line, file in zip(lines, files, strict=True):
        if file is not None:
            await context.reply("replies/report_photo", photo=file.sha256, line=line)
