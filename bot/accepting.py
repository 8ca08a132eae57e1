"""Taking an offered task: said once, with the keyboard of the work."""

from bot.context import SiagaContext
from bot.task_moves import move
from bot.work_keyboard import WORK
from db.queries.assignments import held_by
from domain.assignments import AssignmentMove


async def accept(context: SiagaContext, source: str, number: int) -> None:
    """Accept a task; raises ``AlreadyTaken`` when somebody else of the pool was first.

    A message beside the card comes for the first task alone, with the keyboard, or as the answer to words: a
    tap has its toast, and each message more would keep the cards of others waiting.
    """
    view = await move(context, source, number, AssignmentMove.ACCEPT)
    await context.answer("toasts/accept", machine=view.machine_name)
    if context.handling.tap is None or await _has_no_keyboard(context):
        await context.reply(
            "replies/accepted", keyboard=WORK, number=view.assignment_id, machine=view.machine_name
        )


async def _has_no_keyboard(context: SiagaContext) -> bool:
    """Return whether this is the only task that the person holds."""
    async with context.statements() as session:
        return await held_by(session, context.me.user_id) == 1
