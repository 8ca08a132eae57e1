"""The keyboard under the text field while a task is open: its keys send text, which waits for a signal."""

from bot.context import SiagaContext
from bot.keyboards import PLACE, RemoveKeyboard, ReplyKeyboard
from db.queries.assignments import held_by

WORK = ReplyKeyboard((("start", PLACE), ("pin", "complete", "problem")))


async def work_keyboard(context: SiagaContext) -> ReplyKeyboard | RemoveKeyboard:
    """Return the keyboard while the person holds a task, else what takes it away."""
    async with context.statements() as session:
        held = await held_by(session, context.me.user_id)
    return WORK if held else RemoveKeyboard()
