"""What becomes of the tasks of somebody who goes off duty: kept, postponed one by one, or handed back."""

from bot.context import SiagaContext
from bot.task_moves import move
from db.queries.assignments import AssignmentDetail, open_assignments_of
from domain.assignments import AssignmentMove, AssignmentStatus, DeclineReason, HandBackReason
from domain.errors import Refusal

POSTPONE_DIALOG = "postpone_each"


async def in_hand(context: SiagaContext) -> list[AssignmentDetail]:
    """Return what the person holds or is asked for, in order of the day."""
    async with context.transaction() as session:
        return await open_assignments_of(session, context.me.user_id)


async def give_all_back(context: SiagaContext) -> None:
    """Hand back every held task and decline every offer, one move a task; its source makes a repeat safe.

    What ended or moved on in the same moment is left out.
    """
    note = context.parts.renderer.plain("toasts/off_duty_note", context.handling.audience, {})
    for task in await in_hand(context):
        number = task.assignment_id
        offered = task.status == AssignmentStatus.PENDING
        verb = AssignmentMove.DECLINE if offered else AssignmentMove.HAND_BACK
        reason = DeclineReason.OFF_DUTY if offered else HandBackReason.OTHER
        try:
            await move(
                context,
                f"{context.source}-{number}",
                number,
                verb,
                reason=reason,
                note="" if offered else note,
            )
        except Refusal:
            continue


async def begin_postponing(context: SiagaContext) -> bool:
    """Ask for a new time for one accepted task after the other; return whether there is any."""
    accepted = [task for task in await in_hand(context) if task.status == AssignmentStatus.ACCEPTED]
    return await ask_next(context, [task.assignment_id for task in accepted])


async def ask_next(context: SiagaContext, numbers: list[int]) -> bool:
    """Open the question for the first of these tasks that is still accepted; return whether there is one."""
    mine = {task.assignment_id: task for task in await in_hand(context)}
    left = [
        number for number in numbers if number in mine and mine[number].status == AssignmentStatus.ACCEPTED
    ]
    if not left:
        return False
    first = mine[left[0]]
    await context.open_dialog(
        POSTPONE_DIALOG,
        task=first.assignment_id,
        machine_name=first.machine_name,
        task_type=first.task_type.value,
        scheduled=first.scheduled_date,
        others=" ".join(map(str, left[1:])),
    )
    return True
