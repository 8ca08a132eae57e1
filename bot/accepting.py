"""Taking an offered task: said once, with the keyboard of the work."""

from bot.context import SiagaContext
from bot.task_moves import move
from bot.work_keyboard import work_keyboard
from domain.assignments import AssignmentMove


async def accept(context: SiagaContext, source: str, number: int) -> None:
    """Accept a task; raises ``AlreadyTaken`` when somebody else of the pool was first."""
    view = await move(context, source, number, AssignmentMove.ACCEPT)
    await context.answer("toasts/accept", machine=view.machine_name)
    await context.reply(
        "replies/accepted",
        keyboard=await work_keyboard(context),
        number=view.assignment_id,
        machine=view.machine_name,
    )
