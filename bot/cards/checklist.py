"""The checklist of a task in progress: a line per step, a button per step, and "all OK" for the rest."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import CardView, Reader
from bot.keyboards import Button, button
from bot.notices import ABOUT_TASK
from db.queries.assignments import AssignmentDetail, assignment_by_id
from domain.assignments import AssignmentMove, AssignmentStatus
from domain.chat import Thing
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind, failed_critical

_SET = {None: CheckOutcome.OK, CheckOutcome.OK: CheckOutcome.FAILED, CheckOutcome.FAILED: CheckOutcome.OK}
"""What a tap makes of a tick. The button says it, so that a second tap of a slow phone sets the same."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step with its answer, numbered as on the card."""

    number: int
    item: ChecklistItem
    label: str
    answer: ChecklistAnswer | None


async def checklist_card(session: AsyncSession, thing_id: int, reader: Reader) -> CardView | None:
    """Return the checklist for the task's holder; it ends with the work."""
    task = await assignment_by_id(session, thing_id)
    if task is None or reader.person is None or not task.checklist:
        return None
    if task.assigned_to != reader.person.user_id:
        return CardView(template="cards/assignment_gone", row=task, context={"offer": None}, final=True)
    steps = steps_of(task, reader.language)
    context = {
        "steps": steps,
        "answered": sum(1 for step in steps if step.answer is not None),
        "critical": bool(failed_critical(task.checklist, task.answers)),
    }
    return CardView(
        template="cards/checklist",
        row=task,
        context=context,
        keyboard=_keyboard(task, steps),
        final=task.status != AssignmentStatus.IN_PROGRESS,
    )


def steps_of(task: AssignmentDetail, language: str) -> list[Step]:
    """Return the steps in a language with what was answered."""
    answers = {answer.code: answer for answer in task.answers}
    return [
        Step(number, item, item.label_en if language == "en" else item.label_id, answers.get(item.code))
        for number, item in enumerate(task.checklist, 1)
    ]


def _keyboard(task: AssignmentDetail, steps: list[Step]) -> list[list[Button]]:
    number = task.assignment_id
    rows = []
    if any(step.answer is None and step.item.kind == ItemKind.TICK for step in steps):
        rows.append([button("all_ok", Thing.CHECKLIST, "all_ok", number, style="success")])
    rows += [[_button(number, step)] for step in steps]
    if not task.steps_open:
        rows.append([button("complete", ABOUT_TASK, AssignmentMove.COMPLETE, number, style="success")])
    return rows


def _button(number: int, step: Step) -> Button:
    """Return the button of a step: a tick says what it sets, the others ask."""
    words = {"step": step}
    if step.item.kind != ItemKind.TICK:
        return button("check_step", Thing.CHECKLIST, "ask", number, step.item.code, words=words)
    present = step.answer.outcome if step.answer is not None else None
    return button("check_step", Thing.CHECKLIST, _SET[present], number, step.item.code, words=words)
