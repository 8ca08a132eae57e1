"""When an assignment moves by itself: the one deadline it waits for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.assignments import AssignmentMove, AssignmentState, AssignmentStatus
from domain.defaults import REMIND_AT_SHARE


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due next, and when."""

    at: datetime
    move: AssignmentMove
    cause: str


def next_deadline(state: AssignmentState) -> Deadline | None:
    """Return when an offer is reminded of or expires, or a completion settles; None while nothing is due."""
    if state.status == AssignmentStatus.PENDING and state.asked and state.offer_due_at is not None:
        if state.reminded:
            return Deadline(state.offer_due_at, AssignmentMove.EXPIRE, "offer_not_answered")
        before = timedelta(seconds=state.policy.offer_stands_s * (1 - REMIND_AT_SHARE))
        return Deadline(state.offer_due_at - before, AssignmentMove.REMIND, "offer_not_answered")
    if state.status == AssignmentStatus.COMPLETED and not state.settled and state.undo_until is not None:
        return Deadline(state.undo_until, AssignmentMove.SETTLE, "undo_passed")
    return None
