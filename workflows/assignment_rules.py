"""What an assignment's validator and handler ask before a move; the same for chat and REST."""

from collections.abc import Callable
from datetime import datetime

from domain.assignments import (
    ASSIGNMENT,
    OPEN_STATUSES,
    AssignmentCommand,
    AssignmentMove,
    AssignmentState,
    AssignmentStatus,
    DeclineReason,
    HandBackReason,
    PostponeReason,
)
from domain.checklists import problem_of, unanswered
from domain.errors import (
    AlreadyTaken,
    ChecklistOpen,
    Closed,
    InvalidInput,
    NotAllowed,
    NotYours,
    PhotoRequired,
    ReasonRequired,
    UndoTooLate,
)
from domain.roles import Permission

_M = AssignmentMove
_REASONS = {_M.DECLINE: DeclineReason, _M.HAND_BACK: HandBackReason, _M.POSTPONE: PostponeReason}


def check(state: AssignmentState, command: AssignmentCommand, now: datetime) -> None:
    """Raise the refusal a command deserves in this state.

    Raises:
        Refusal: closed, taken by another, not possible now, not yours, not allowed, or something is missing.
    """
    if state.status not in OPEN_STATUSES:
        _check_end(state, command, now)
    if command.move == _M.ACCEPT and state.status != AssignmentStatus.PENDING:
        if state.holder == command.actor_id:
            return
        raise AlreadyTaken(holder=state.holder_name)
    permission = ASSIGNMENT.permission(state.status, command.move)
    if permission == Permission.MANAGE_ASSIGNMENTS:
        if not command.actor_may_manage:
            raise NotAllowed
    elif permission == Permission.DO_ASSIGNMENTS:
        if not _is_theirs(state, command.actor_id):
            raise NotYours(holder=state.owner_names)
    else:
        raise NotAllowed
    for needs in _NEEDS.get(command.move, ()):
        needs(state, command, now)


def can_be_undone(state: AssignmentState, now: datetime) -> bool:
    """Return whether the completion can still be taken back."""
    return not state.settled and state.undo_until is not None and now < state.undo_until


def _check_end(state: AssignmentState, command: AssignmentCommand, now: datetime) -> None:
    """Let only the undo of a completion through: a photo after it belongs to nothing."""
    undoable = state.status == AssignmentStatus.COMPLETED and can_be_undone(state, now)
    if command.move == _M.UNDO and state.status == AssignmentStatus.COMPLETED:
        if not undoable:
            raise UndoTooLate(number=state.assignment_id)
        return
    raise Closed(
        noun="assignment",
        status=state.status.value,
        number=state.assignment_id,
        undo=undoable and state.holder == command.actor_id,
    )


def _is_theirs(state: AssignmentState, user_id: int) -> bool:
    if state.status == AssignmentStatus.PENDING:
        return any(one.user_id == user_id for one in state.asked)
    return state.holder == user_id


def _reason(_: AssignmentState, command: AssignmentCommand, __: datetime) -> None:
    other = command.reason == "other"
    if command.reason not in set(_REASONS[command.move]) or (other and not command.note.strip()):
        raise ReasonRequired(move=command.move.value)


def _time(_: AssignmentState, command: AssignmentCommand, now: datetime) -> None:
    at = command.scheduled_date
    if at is None or at.tzinfo is None:
        raise InvalidInput(field="scheduled_date", problem="missing")
    if at <= now:
        raise InvalidInput(field="scheduled_date", problem="in_past")


def _people(_: AssignmentState, command: AssignmentCommand, __: datetime) -> None:
    if command.offer is None or not command.offer.candidates:
        raise InvalidInput(field="assigned_to", problem="missing")


def _priority(_: AssignmentState, command: AssignmentCommand, __: datetime) -> None:
    if command.priority is None:
        raise InvalidInput(field="priority", problem="missing")


def _proof(_: AssignmentState, command: AssignmentCommand, __: datetime) -> None:
    if command.proof is None and not command.reason.strip():
        raise ReasonRequired(move=command.move.value)


def _photo(_: AssignmentState, command: AssignmentCommand, __: datetime) -> None:
    if not command.file_ids:
        raise PhotoRequired


def _answers(state: AssignmentState, command: AssignmentCommand, _: datetime) -> None:
    if not command.answers:
        raise InvalidInput(field="answers", problem="missing")
    for answer in command.answers:
        problem = problem_of(state.checklist, answer)
        if problem:
            raise InvalidInput(field="answers", problem=problem, step=answer.code)


def _from_whom(state: AssignmentState, command: AssignmentCommand, _: datetime) -> None:
    if command.withdrawn is not None and not _is_theirs(state, command.withdrawn):
        raise NotYours(holder=state.owner_names)


def _evidence(state: AssignmentState, _: AssignmentCommand, __: datetime) -> None:
    if not state.photos:
        raise PhotoRequired
    missing = len(unanswered(state.checklist, state.answers))
    if missing:
        raise ChecklistOpen(missing=missing)


_Needs = Callable[[AssignmentState, AssignmentCommand, datetime], None]
_NEEDS: dict[AssignmentMove, tuple[_Needs, ...]] = {
    _M.DECLINE: (_reason,),
    _M.HAND_BACK: (_reason,),
    _M.POSTPONE: (_reason, _time),
    _M.RESCHEDULE: (_time,),
    _M.OFFER: (_people,),
    _M.WITHDRAW: (_from_whom,),
    _M.PRIORITIZE: (_priority,),
    _M.START: (_proof,),
    _M.PHOTO: (_photo,),
    _M.CHECK: (_answers,),
    _M.COMPLETE: (_evidence,),
}
