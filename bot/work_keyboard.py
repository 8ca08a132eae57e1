"""The keyboard under the text field while a task is open: its keys send text, which waits for a signal."""

from bot.context import SiagaContext
from bot.keyboards import PLACE, RemoveKeyboard, ReplyKeyboard
from db.queries.assignments import open_assignments_of
from domain.assignments import HELD_STATUSES

WORK = ReplyKeyboard((("start", PLACE), ("pin", "complete", "problem")))


async def work_keyboard(context: SiagaContext) -> ReplyKeyboard | RemoveKeyboard:
    """Return the keyboard while the person holds a task, else what takes it away."""
    async with context.transaction() as session:
        held = await open_assignments_of(session, context.me.user_id)
    holds = any(task.status in HELD_STATUSES and task.assigned_to == context.me.user_id for task in held)
    return WORK if holds else RemoveKeyboard()
