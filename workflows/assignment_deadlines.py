"""When an assignment moves by itself and when somebody is called about its delay: its one deadline."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import ids
from domain.assignments import AssignmentMove, AssignmentState, AssignmentStatus
from domain.chat import Thing
from domain.defaults import REMIND_AT_SHARE
from domain.escalations import Audience, EscalationKind, EscalationState, Rung
from domain.priorities import Priority


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due next, and when: a move that nobody makes, or the first call of a ladder."""

    at: datetime
    what: AssignmentMove | EscalationKind
    cause: str = ""


def next_deadline(state: AssignmentState) -> Deadline | None:
    """Return what an assignment waits for beside moves; None while nothing is due."""
    if state.status == AssignmentStatus.PENDING and state.asked and state.offer_due_at is not None:
        if state.reminded:
            return Deadline(state.offer_due_at, AssignmentMove.EXPIRE, "offer_not_answered")
        before = timedelta(seconds=state.policy.offer_stands_s * (1 - REMIND_AT_SHARE))
        return Deadline(state.offer_due_at - before, AssignmentMove.REMIND, "offer_not_answered")
    if state.status == AssignmentStatus.COMPLETED and not state.settled and state.undo_until is not None:
        return Deadline(state.undo_until, AssignmentMove.SETTLE, "undo_passed")
    late = ladder_of(state)
    if late is None or state.ladder == late.kind:
        return None
    return Deadline(late.started_at + timedelta(seconds=late.rungs[0].after_s), late.kind)


def ladder_of(state: AssignmentState) -> EscalationState | None:
    """Return whom a delay of the present status calls, and when (WORDS 6); None where nothing can be late."""
    late = _late(state)
    if late is None or state.since is None:
        return None
    kind, rungs = late
    return EscalationState(
        owner=Thing.ASSIGNMENT,
        owner_id=state.assignment_id,
        owner_workflow_id=ids.assignment_id(state.assignment_id),
        organization_id=state.organization_id,
        kind=kind,
        title=f"{state.task_type.capitalize()} at {state.machine_name}",
        rungs=rungs,
        started_at=state.since,
        urgent=state.priority == Priority.URGENT,
        machine_id=state.machine_id,
    )


def _late(state: AssignmentState) -> tuple[EscalationKind, list[Rung]] | None:
    waits = state.policy.overdue
    if state.status == AssignmentStatus.PENDING and not state.asked:
        # The dispatcher knows that they have to choose; after the time of another offer the admins do.
        return EscalationKind.NOT_ACCEPTED, [Rung(Audience.ADMINS, state.policy.offer_stands_s)]
    if state.status == AssignmentStatus.ACCEPTED:
        return EscalationKind.NOT_STARTED, [
            Rung(Audience.HOLDER, waits.start_remind_s),
            Rung(Audience.DISPATCHER, waits.start_dispatcher_s),
            Rung(Audience.ADMINS, waits.start_admins_s),
        ]
    if state.status == AssignmentStatus.IN_PROGRESS:
        first = _until_late(state)
        return EscalationKind.NOT_FINISHED, [
            Rung(Audience.HOLDER, first),
            Rung(Audience.DISPATCHER, first + waits.finish_dispatcher_s),
            Rung(Audience.ADMINS, first + waits.finish_admins_s),
        ]
    return None


def _until_late(state: AssignmentState) -> float:
    """Return the seconds from ``since`` until work takes too long; who undoes late is given a moment."""
    allowed = timedelta(minutes=state.expected_minutes * state.policy.overdue.finish_share)
    if state.started_at is None or state.since is None:
        return allowed.total_seconds()
    left = (state.started_at + allowed - state.since).total_seconds()
    return left if left > 0 else state.policy.overdue.start_remind_s
