"""What an assignment's validator and handler ask before a move, and the state a move leads to."""

import dataclasses
from datetime import datetime, timedelta

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
from domain.defaults import REMIND_AT_SHARE
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
_BACK_TO_DISPATCHER = (
    AssignmentMove.DECLINE,
    AssignmentMove.EXPIRE,
    AssignmentMove.HAND_BACK,
    AssignmentMove.WITHDRAW,
)


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


def after(
    state: AssignmentState, move: AssignmentMove, command: AssignmentCommand | None, now: datetime
) -> AssignmentState:
    """Return the state a move leads to.

    Raises:
        NotPossibleNow: the table has no such move from the present status.
    """
    new = dataclasses.replace(
        state, status=ASSIGNMENT.target(state.status, move), moves=state.moves + 1, created=True
    )
    if move == AssignmentMove.OFFER:
        if command is not None:
            new.assigned_to, new.assignee_name = command.assigned_to, command.assignee_name
            new.offer_no += 1
        new.holder, new.reminded = None, False
        stands = timedelta(seconds=state.policy.offer_stands_s)
        new.offer_due_at = now + stands if new.assigned_to is not None else None
    elif move == AssignmentMove.REMIND:
        new.reminded = True
    elif move == AssignmentMove.ACCEPT:
        new.holder, new.offer_due_at = state.assigned_to, None
    elif move in _BACK_TO_DISPATCHER:
        new.assigned_to = new.holder = new.offer_due_at = None
        new.assignee_name = ""
    elif move == AssignmentMove.PHOTO and command is not None:
        new.photos += len(command.file_ids)
    elif move == AssignmentMove.CANCEL:
        new.offer_due_at = None
    return new


def next_deadline(state: AssignmentState) -> datetime | None:
    """Return when an unanswered offer is reminded of or expires; None when nobody is asked."""
    if state.status != AssignmentStatus.PENDING or state.offer_due_at is None or state.assigned_to is None:
        return None
    if state.reminded:
        return state.offer_due_at
    return state.offer_due_at - timedelta(seconds=state.policy.offer_stands_s * (1 - REMIND_AT_SHARE))
