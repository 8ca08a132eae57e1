"""Closing a report without a task: the reason is asked, because it stays with the report."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, NumberField, TextField
from bot.problem_moves import problem
from db.problem_decisions import dismiss_problem

NAME = "dismiss_problem"
REASON_LENGTH = 300


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Write the decision."""
    found = await problem(context, answers["problem"])
    async with context.transaction() as session:
        await dismiss_problem(
            session, found.report_id, answers["reason"], actor_id=context.me.user_id, source=source
        )
    await context.reply("replies/problem_dismissed", number=found.report_id, machine=found.machine_name)


DISMISS_PROBLEM = Dialog(
    NAME,
    fields=(NumberField(name="problem"), TextField(name="reason", max_length=REASON_LENGTH)),
    finish=finish,
)
