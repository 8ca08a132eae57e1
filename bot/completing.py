"""The end of work: completed at once, with two minutes to take it back (WORDS 2) instead of a summary."""

from bot.context import SiagaContext
from bot.task_moves import about, move, self_test_stands_in_the_way
from bot.work_keyboard import work_keyboard
from db.queries.assignments import AssignmentDetail
from domain.assignments import AssignmentMove, AssignmentView
from domain.chat import Thing
from domain.errors import ChecklistOpen, PhotoRequired

COMPLETE = "complete"
"""The dialog that asks for the reason when the machine's self-test fails."""


async def complete(context: SiagaContext, source: str, found: AssignmentDetail, notes: str = "") -> None:
    """Complete a task; a failing self-test asks for its reason first (WORDS 3), open steps show themselves.

    Raises:
        PhotoRequired: there is no photo yet.
        Refusal: the workflow refuses.
    """
    if not found.photos:
        raise PhotoRequired
    if self_test_stands_in_the_way(found) and not found.steps_open:
        await context.open_dialog(COMPLETE, notes=notes, **about(found))
        return
    try:
        view = await move(context, source, found.assignment_id, AssignmentMove.COMPLETE, note=notes)
    except ChecklistOpen as refusal:
        await context.refuse(refusal)
        await context.show_card(Thing.CHECKLIST, found.assignment_id)
        return
    await say_completed(context, view)


async def say_completed(context: SiagaContext, view: AssignmentView) -> None:
    """Thank, say how long it can be taken back, and put the keyboard away when nothing else is held."""
    await context.reply(
        "replies/completed",
        keyboard=await work_keyboard(context),
        number=view.assignment_id,
        machine=view.machine_name,
        undo_until=view.undo_until,
    )
    if context.handling.tap is None and view.undo_until is not None:
        # Who did not tap the card does not see it: with it the way back comes to the bottom.
        await context.show_card(Thing.ASSIGNMENT, view.assignment_id)


async def undo(context: SiagaContext, source: str, number: int) -> None:
    """Take a completion back within its two minutes."""
    view = await move(context, source, number, AssignmentMove.UNDO)
    await context.answer("toasts/undo")
    await context.reply(
        "replies/undone",
        keyboard=await work_keyboard(context),
        number=view.assignment_id,
        machine=view.machine_name,
    )
