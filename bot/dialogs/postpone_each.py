"""The question that somebody who goes off duty is asked for each task they hold: until when?"""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, DateTimeField, Dialog, NumberField, TextField
from bot.going_off import POSTPONE_DIALOG, ask_next, in_hand
from bot.task_moves import move
from domain.assignments import AssignmentMove, PostponeReason


async def _finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Postpone this task and ask about the next one."""
    note = context.parts.renderer.plain("toasts/off_duty_note", context.handling.audience, {})
    verb = AssignmentMove.POSTPONE
    await move(
        context,
        source,
        answers["task"],
        verb,
        reason=PostponeReason.OTHER,
        note=note,
        scheduled_date=answers["at"],
    )
    if not await ask_next(context, [int(number) for number in (answers["others"] or "").split()]):
        await context.reply("replies/duty_left", left=await in_hand(context))


POSTPONE_EACH = Dialog(
    POSTPONE_DIALOG,
    fields=(NumberField(name="task"), TextField(name="others"), DateTimeField(name="at")),
    finish=_finish,
)
