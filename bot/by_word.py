"""Doing what a typed word asks for: the same verbs as the card's buttons (WORDS 5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.accepting import accept
from bot.arriving import begin_work
from bot.checking import all_ok
from bot.completing import complete, undo
from bot.context import SiagaContext
from bot.dialogs import task_moves
from bot.dialogs.moments import read_moment
from bot.keyboards import button
from bot.notices import ABOUT_MACHINE, ABOUT_TASK
from bot.spoken import Spoken, Verb
from bot.task_moves import about
from bot.which_task import WHICH_TASK, fitting_tasks, named_task, the_one
from db.queries.assignments import AssignmentDetail, open_assignments_of
from db.queries.own_tasks import last_task_of
from domain.assignments import AssignmentMove, AssignmentStatus

NEEDS = {
    Verb.ACCEPT: AssignmentMove.ACCEPT,
    Verb.DECLINE: AssignmentMove.DECLINE,
    Verb.START: AssignmentMove.START,
    Verb.ALL_OK: AssignmentMove.CHECK,
    Verb.COMPLETE: AssignmentMove.COMPLETE,
    Verb.UNDO: AssignmentMove.UNDO,
    Verb.POSTPONE: AssignmentMove.POSTPONE,
    Verb.HAND_BACK: AssignmentMove.HAND_BACK,
    Verb.PROBLEM: AssignmentMove.HAND_BACK,
}
"""The move that must be possible on the task a word is for: whoever has a problem holds the task."""
_RECENT = timedelta(days=1)
_ORDER = (AssignmentStatus.IN_PROGRESS, AssignmentStatus.ACCEPTED, AssignmentStatus.PENDING)


async def obey(context: SiagaContext, said: Spoken) -> None:
    """Do what a word asks for on the task it is for; several: ask which; none: say how things stand.

    Raises:
        NotFound, NotPossibleNow: the task that is named is another person's, or has moved on.
        Refusal: the workflow refuses.
    """
    found = await named_task(context, NEEDS[said.verb], said.number)
    if found is None:
        tasks = await fitting_tasks(context, NEEDS[said.verb])
        found = the_one(tasks)
        if found is None and tasks:
            await context.open_dialog(WHICH_TASK, verb=said.verb.value, rest=said.rest)
            return
    if found is None:
        await _say_how_it_stands(context)
        return
    await perform(context, context.source, found, said.verb, said.rest)


async def perform(context: SiagaContext, source: str, found: AssignmentDetail, verb: Verb, rest: str) -> None:
    """Do a verb on a task with the words behind it; what is still missing is asked."""
    match verb:
        case Verb.ACCEPT:
            await accept(context, source, found.assignment_id)
        case Verb.START:
            await begin_work(context, source, found, context.said_at)
        case Verb.ALL_OK:
            await all_ok(context, source, found)
        case Verb.COMPLETE:
            await complete(context, source, found, rest)
        case Verb.UNDO:
            await undo(context, source, found.assignment_id)
        case Verb.PROBLEM:
            await _ask_about_problem(context, found, rest)
        case _:
            await context.open_dialog(
                task_moves.DIALOGS[NEEDS[verb]], **about(found), **_known(context, verb, rest)
            )


def _known(context: SiagaContext, verb: Verb, rest: str) -> dict[str, Any]:
    """Return what the words behind a verb answer already: a time for a postponement, else the reason."""
    if not rest:
        return {}
    if verb == Verb.POSTPONE:
        at = read_moment(rest, context.said_at, context.handling.audience.zone)
        if at is not None and at > datetime.now(UTC):
            return {"at": at}
    return {"reason": task_moves.OTHER, "note": rest[: task_moves.NOTE_LENGTH]}


async def _ask_about_problem(context: SiagaContext, found: AssignmentDetail, rest: str) -> None:
    """Say what can be done about trouble with a task."""
    buttons = [
        button(verb, ABOUT_TASK, verb, found.assignment_id)
        for verb in (AssignmentMove.POSTPONE, AssignmentMove.HAND_BACK)
        if found.status == AssignmentStatus.ACCEPTED or verb == AssignmentMove.HAND_BACK
    ]
    report = button("report_problem", ABOUT_MACHINE, "report", found.machine_id)
    await context.reply("replies/problem", keyboard=[buttons, [report]], task=found, said=rest)


async def _say_how_it_stands(context: SiagaContext) -> None:
    """Say kindly that nothing waits for this word, and what there is instead."""
    me = context.me.user_id
    async with context.transaction() as session:
        tasks = await open_assignments_of(session, me)
        last = await last_task_of(session, me)
    found = min(tasks, key=lambda one: _ORDER.index(one.status), default=None)
    if found is None and last is not None and datetime.now(UTC) - last.updated_at < _RECENT:
        found = last
    keyboard = [[button("open_card", ABOUT_TASK, "open", found.assignment_id)]] if found else None
    await context.reply("replies/no_task_for_word", keyboard=keyboard, task=found)
