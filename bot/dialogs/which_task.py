"""The question which task a typed word is for, when several fit (WORDS 5)."""

from collections.abc import Sequence

from bot.by_word import NEEDS, perform
from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Dialog, Option, PickerField, TextField
from bot.spoken import Verb
from bot.task_moves import task
from bot.which_task import WHICH_TASK, fitting_tasks


async def fitting(context: SiagaContext, answers: Answers, search: str) -> Sequence[Option]:
    """Return the person's tasks on which the word's move is possible."""
    tasks = await fitting_tasks(context, NEEDS[Verb(answers["verb"])])
    return [
        Option(one.assignment_id, one.machine_name, f"#{one.assignment_id}")
        for one in tasks
        if search.casefold() in one.machine_name.casefold()
    ]


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Do what the word asked for on the chosen task."""
    found = await task(context, answers["task"].id)
    await perform(context, source, found, Verb(answers["verb"]), answers["rest"])


ASK_WHICH = Dialog(
    WHICH_TASK,
    fields=(TextField(name="verb"), TextField(name="rest"), PickerField(name="task", options=fitting)),
    finish=finish,
)
"""Opened with the verb and the words behind it as known answers."""
