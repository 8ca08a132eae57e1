"""Taking an offered task: said once, with the keyboard of the work."""

from bot.context import SiagaContext
from bot.task_moves import move
from bot.work_keyboard import WORK
from db.queries.assignments import held_by
from domain.assignments import AssignmentMove
from domain.chat import SendPriority


async def accept(context: SiagaContext, source: str, number: int) -> None:
    """Accept a task; raises ``AlreadyTaken`` when somebody else of the pool was first.

    A tap has its toast and its card. A message beside them comes for the first task alone, with the keyboard,
    and it lets cards go first.
    """
    view = await move(context, source, number, AssignmentMove.ACCEPT)
    await context.answer("toasts/accept", machine=view.machine_name)
    tapped = context.handling.tap is not None
    if tapped and not await _has_no_keyboard(context):
        return
    await context.reply(
        "replies/accepted",
        keyboard=WORK,
        leaves=SendPriority.DIGEST if tapped else SendPriority.REPLY,
        number=view.assignment_id,
        machine=view.machine_name,
    )


async def _has_no_keyboard(context: SiagaContext) -> bool:
    """Return whether this is the only task that the person holds."""
    async with context.statements() as session:
        return await held_by(session, context.me.user_id) == 1
