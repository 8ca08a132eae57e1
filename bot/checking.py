"""Answering the steps of a checklist: ticks together, numbers, texts and photos one by one."""

from bot.context import SiagaContext
from bot.photos import store_photo
from bot.task_moves import about, move
from bot.which_task import replied_thing
from db.queries.assignments import AssignmentDetail
from domain.assignments import AssignmentMove, AssignmentView
from domain.chat import Thing
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind

STEP = "check_step"
"""The dialog that asks for one step that is no tick."""


async def tick(
    context: SiagaContext, source: str, number: int, codes: list[str], outcome: CheckOutcome
) -> AssignmentView:
    """Answer ticks; a button says the outcome it sets, so a second tap changes nothing."""
    answers = [ChecklistAnswer(code, outcome) for code in codes]
    return await move(context, source, number, AssignmentMove.CHECK, answers=answers)


async def all_ok(context: SiagaContext, source: str, found: AssignmentDetail) -> None:
    """Answer every open tick with OK, then ask for the first step that needs more than a tick."""
    codes = [item.code for item in found.steps_open if item.kind == ItemKind.TICK]
    if codes:
        # Not the update's own source: the dialog that opens below asks for its move under that one.
        await tick(context, f"{source}-ticks", found.assignment_id, codes, CheckOutcome.OK)
    await context.answer("toasts/all_ok")
    if not await ask_next(context, found, leaving={*codes}):
        await context.show_card(Thing.CHECKLIST, found.assignment_id)


async def ask_next(context: SiagaContext, found: AssignmentDetail, leaving: set[str]) -> bool:
    """Ask for the first open step that needs more than a tick; return whether there was one.

    ``leaving``: codes that were answered since ``found`` was read.
    """
    for item in found.steps_open:
        if item.kind != ItemKind.TICK and item.code not in leaving:
            await ask_step(context, found, item)
            return True
    return False


async def ask_step(context: SiagaContext, found: AssignmentDetail, item: ChecklistItem) -> None:
    """Ask for one step."""
    label = item.label_en if context.language == "en" else item.label_id
    known = {"code": item.code, "kind": item.kind.value, "label": label, "limits": _limits(item)}
    await context.open_dialog(STEP, **about(found), **known)


async def answers_step(context: SiagaContext, found: AssignmentDetail, telegram_files: list[str]) -> bool:
    """Answer the first open photo step with a photo that replies to the checklist; return whether it did."""
    replied = await replied_thing(context)
    steps = [item for item in found.steps_open if item.kind == ItemKind.PHOTO]
    if replied is None or replied[0] != Thing.CHECKLIST or not steps or len(telegram_files) != 1:
        return False
    source = f"{context.source}-step"
    file_id = await store_photo(context, source, found, telegram_files[0])
    answer = ChecklistAnswer(steps[0].code, CheckOutcome.OK, file_id=file_id)
    await move(context, source, found.assignment_id, AssignmentMove.CHECK, answers=[answer])
    return True


def _limits(item: ChecklistItem) -> str:
    """Return the limits of a number as figures with their unit, or what of it there is."""
    low = "" if item.minimum is None else f"{item.minimum:g}"
    high = "" if item.maximum is None else f"{item.maximum:g}"
    span = f"{low}-{high}" if low and high else f"≥ {low}" if low else f"≤ {high}" if high else ""
    return f"{span} {item.unit}".strip()
