"""What an assignment's validator and handler ask before a move: table, person, reasons."""

from domain.assignments import (
    ASSIGNMENT,
    OPEN_STATUSES,
    AssignmentCommand,
    AssignmentMove,
    AssignmentState,
    AssignmentStatus,
    DeclineReason,
    HandBackReason,
)
from domain.errors import (
    AlreadyTaken,
    Closed,
    InvalidInput,
    NotAllowed,
    NotYours,
    PhotoRequired,
    ReasonRequired,
    Refusal,
)
from domain.roles import Permission

_REASONS = {AssignmentMove.DECLINE: DeclineReason, AssignmentMove.HAND_BACK: HandBackReason}


def check(state: AssignmentState, command: AssignmentCommand) -> None:
    """Raise the refusal a command deserves in this state; the same for chat and REST.

    Raises:
        Refusal: closed, taken by another, not possible now, not yours, not allowed, or something is missing.
    """
    if state.status not in OPEN_STATUSES:
        raise Closed(noun="assignment", status=state.status.value, number=state.assignment_id)
    if command.move == AssignmentMove.ACCEPT and state.status != AssignmentStatus.PENDING:
        if state.holder == command.actor_id:
            return
        raise AlreadyTaken(holder=state.assignee_name)
    permission = ASSIGNMENT.permission(state.status, command.move)
    if permission == Permission.MANAGE_ASSIGNMENTS:
        if not command.actor_may_manage:
            raise NotAllowed
    elif permission == Permission.DO_ASSIGNMENTS:
        if state.assigned_to != command.actor_id:
            raise NotYours(holder=state.assignee_name)
    else:
        raise NotAllowed
    missing = _missing(state, command)
    if missing is not None:
        raise missing


def _missing(state: AssignmentState, command: AssignmentCommand) -> Refusal | None:
    reasons = _REASONS.get(command.move)
    if reasons is not None:
        if command.reason not in set(reasons):
            return ReasonRequired(move=command.move.value)
        if command.reason == "other" and not command.note.strip():
            return ReasonRequired(move=command.move.value)
    if command.move == AssignmentMove.OFFER and command.assigned_to is None:
        return InvalidInput(field="assigned_to", problem="missing")
    if command.move == AssignmentMove.PHOTO and not command.file_ids:
        return PhotoRequired()
    if command.move == AssignmentMove.COMPLETE and state.photos == 0:
        return PhotoRequired()
    return None
