"""The question for one step of a checklist that is no tick: a number, a text or a photo."""

from bot.checking import STEP, ask_next
from bot.context import SiagaContext
from bot.dialogs.fields import Answers, Condition, Dialog, NumberField, PhotosField, TextField
from bot.photos import store_photo
from bot.task_moves import move, task
from domain.assignments import AssignmentMove
from domain.chat import Thing
from domain.checklists import ChecklistAnswer, CheckOutcome, ItemKind

TEXT_LENGTH = 1000


def _is(kind: ItemKind) -> Condition:
    return lambda answers: answers.get("kind") == kind.value


async def finish(context: SiagaContext, answers: Answers, source: str) -> None:
    """Answer the step and ask for the next one that needs more than a tick; the last brings the checklist."""
    found = await task(context, answers["task"])
    file_id = None
    if answers.get("photo"):
        file_id = await store_photo(context, source, found, answers["photo"][0].file_id)
    answer = ChecklistAnswer(
        answers["code"],
        CheckOutcome.OK,
        number=answers.get("number"),
        text=answers.get("text") or "",
        file_id=file_id,
    )
    await move(context, source, found.assignment_id, AssignmentMove.CHECK, answers=[answer])
    if not await ask_next(context, found, leaving={answer.code}):
        await context.show_card(Thing.CHECKLIST, found.assignment_id)


CHECK_STEP = Dialog(
    STEP,
    fields=(
        NumberField(name="task"),
        TextField(name="code"),
        TextField(name="kind"),
        NumberField(name="number", whole=False, when=_is(ItemKind.NUMBER)),
        TextField(name="text", max_length=TEXT_LENGTH, when=_is(ItemKind.TEXT)),
        PhotosField(name="photo", maximum=1, when=_is(ItemKind.PHOTO)),
    ),
    finish=finish,
)
"""Opened with task, code, kind, label and limits as known answers."""
