"""Which task a word or a photo is for: the replied card's, else the one in progress, else the only one."""

from collections.abc import Sequence

from bot.cards.assignment import possible_moves
from bot.context import SiagaContext
from bot.task_moves import task
from db.chat.things import thing_of_message
from db.queries.assignments import AssignmentDetail, open_assignments_of
from db.queries.own_tasks import last_task_of
from domain.assignments import AssignmentMove, AssignmentStatus
from domain.chat import Thing
from domain.errors import NotPossibleNow

WHICH_TASK = "which_task"
"""The dialog that asks which task a word is for."""
_ABOUT_TASKS = (Thing.ASSIGNMENT, Thing.CHECKLIST)


async def replied_thing(context: SiagaContext) -> tuple[Thing, int] | None:
    """Return what the replied message is about; None when there is none, or it is about nothing."""
    message = context.album[0].reply_to_message if context.album else None
    if message is None:
        return None
    async with context.transaction() as session:
        return await thing_of_message(session, context.chat_id, message.message_id)


async def replied_task(context: SiagaContext) -> AssignmentDetail | None:
    """Return the task whose card, checklist or notice is replied to; raises ``NotFound`` for another's."""
    about = await replied_thing(context)
    return await task(context, about[1]) if about is not None and about[0] in _ABOUT_TASKS else None


async def fitting_tasks(context: SiagaContext, verb: AssignmentMove) -> list[AssignmentDetail]:
    """Return the person's tasks on which a move is possible now: a completion while it can be undone."""
    me = context.me
    async with context.transaction() as session:
        tasks = await open_assignments_of(session, me.user_id)
        if verb == AssignmentMove.UNDO:
            last = await last_task_of(session, me.user_id)
            tasks = [last] if last is not None else []
    return [one for one in tasks if verb in possible_moves(one, me)]


async def named_task(
    context: SiagaContext, verb: AssignmentMove, number: int | None = None
) -> AssignmentDetail | None:
    """Return the task that a message names by replying to its card or by number; None when it names none.

    Raises:
        NotFound: it is not this person's.
        NotPossibleNow: the state has moved on; it says where to.
    """
    found = await task(context, number) if number is not None else await replied_task(context)
    if found is not None and verb not in possible_moves(found, context.me):
        raise NotPossibleNow(noun="assignment", status=found.status.value, move=verb.value)
    return found


def the_one(tasks: Sequence[AssignmentDetail]) -> AssignmentDetail | None:
    """Return the one in progress, else the only one; None when that has to be asked."""
    running = [one for one in tasks if one.status == AssignmentStatus.IN_PROGRESS]
    if len(running) == 1:
        return running[0]
    return tasks[0] if len(tasks) == 1 else None
