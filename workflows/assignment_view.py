"""An assignment as others see it: in the Temporal UI, in an update's answer, in its row and event."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import search_attributes
    from domain.assignment_records import AssignmentRecord, AssignmentRow
    from domain.assignments import AssignmentMove, AssignmentState, AssignmentStatus, AssignmentView
    from domain.checklists import unanswered
    from workflows.assignment_deadlines import next_deadline
    from workflows.assignment_moves import Happening, former_people, offer_changes, people_asked
    from workflows.details import index, moment, show

_M = AssignmentMove


def show_assignment(state: AssignmentState) -> None:
    """Bring search attributes and current details up to date."""
    deadline = next_deadline(state)
    index(
        search_attributes.STATUS.value_set(state.status),
        search_attributes.PRIORITY.value_set(state.priority),
        search_attributes.DUE_AT.value_set(state.offer_due_at or state.scheduled_date),
        search_attributes.ASSIGNEE.value_set(str(state.assigned_to))
        if state.assigned_to is not None
        else search_attributes.ASSIGNEE.value_unset(),
    )
    facts = {
        "Status": state.status.value,
        "Owner": state.owner_names or "dispatcher chooses",
        "Asked next": ", ".join(one.name for one in state.waiting),
        "Scheduled": moment(state.scheduled_date),
        "Deadline": f"{moment(deadline.at)}: {deadline.what}" if deadline else "",
        "Priority": state.priority.value,
        "Photos": str(len(state.photos)),
        "Overdue": state.ladder.value if state.ladder else "",
        "Checklist": f"{len(state.answers)} of {len(state.checklist)}" if state.checklist else "",
    }
    show(f"{state.task_type.capitalize()} at {state.machine_name}", facts, state.history)


def view(state: AssignmentState) -> AssignmentView:
    """Return what an update answers with."""
    return AssignmentView(
        assignment_id=state.assignment_id,
        status=state.status,
        holder=state.holder,
        assigned_to=state.assigned_to,
        machine_name=state.machine_name,
        photos=len(state.photos),
        steps_open=len(unanswered(state.checklist, state.answers)),
        undo_until=None if state.settled else state.undo_until,
    )


def record_of(
    before: AssignmentState, new: AssignmentState, what: Happening, source: str, cause: str
) -> AssignmentRecord:
    """Return what a move writes."""
    created, command = before.moves == 0, what.command
    files = [one.file_id for one in command.answers if one.file_id is not None] if command else []
    return AssignmentRecord(
        row=_row(new),
        source=source,
        move=what.move,
        from_status=None if created else before.status,
        at=what.at,
        actor_id=command.actor_id if command else before.assigned_by if created else None,
        cause=cause,
        reason=command.reason if command else before.override_reason if what.move == _M.SETTLE else "",
        note=command.note if command else "",
        file_ids=command.file_ids + files if command else [],
        asked=[one.user_id for one in people_asked(new)],
        former=former_people(before, new),
        offers=offer_changes(before, new, what.move),
        answers=new.answers if what.move == _M.CHECK else None,
        settles=new.settled and not before.settled,
        former_date=before.scheduled_date if new.scheduled_date != before.scheduled_date else None,
        former_priority=before.priority if new.priority != before.priority else None,
    )


def _row(state: AssignmentState) -> AssignmentRow:
    return AssignmentRow(
        assignment_id=state.assignment_id,
        organization_id=state.organization_id,
        machine_id=state.machine_id,
        assigned_by=state.assigned_by,
        assigned_to=state.assigned_to,
        task_type=state.task_type,
        priority=state.priority,
        status=state.status,
        scheduled_date=state.scheduled_date,
        expected_minutes=state.expected_minutes,
        description=state.description,
        offer_mode=state.mode,
        offer_due_at=state.offer_due_at,
        undo_until=state.undo_until,
        version=state.moves,
        arrival_radius_m=state.arrival_radius_m,
        parent_assignment_id=state.parent_assignment_id,
    )


def works(state: AssignmentState) -> bool:
    """Return whether somebody is at the machine: from the start until the completion has settled."""
    done = state.status == AssignmentStatus.COMPLETED and not state.settled
    return done or state.status == AssignmentStatus.IN_PROGRESS
