"""A ticket's state as its row, its answer to a caller, and the times a move has changed."""

from datetime import datetime

from domain import clocks
from domain.clocks import Clock
from domain.ticket_records import TicketRow
from domain.tickets import TicketState, TicketStatus, TicketView
from workflows.ticket_changes import FIRST_ANSWER, SOLUTION, due_at


def view_of(state: TicketState) -> TicketView:
    """Return what an update answers with."""
    return TicketView(
        ticket_id=state.ticket_id,
        number=state.number,
        status=state.status,
        priority=state.priority,
        expert_id=state.expert_id,
        tech_id=state.tech_id,
        first_answer_due_at=due_at(state, FIRST_ANSWER),
        solution_due_at=due_at(state, SOLUTION),
    )


def row_of(state: TicketState) -> TicketRow:
    """Return what the row shall say."""
    first, solution = state.first_answer, state.solution
    return TicketRow(
        ticket_id=state.ticket_id,
        number=state.number,
        organization_id=state.organization_id,
        pharmacy_id=state.pharmacy_id,
        module_id=state.module_id,
        category_id=state.category_id,
        source=state.source,
        priority=state.priority,
        status=state.status,
        opened_by=state.opened_by,
        customer_id=state.customer_id,
        expert_id=state.expert_id,
        tech_id=state.tech_id,
        title=state.title,
        first_answer_due_at=due_at(state, FIRST_ANSWER),
        solution_due_at=due_at(state, SOLUTION),
        first_answered_at=first.met_at if first else None,
        solved_at=solution.met_at if solution else None,
        closed_at=state.closed_at if state.status == TicketStatus.CLOSED else None,
        first_answer_kept=_kept(first, state.breached, FIRST_ANSWER),
        solution_kept=_kept(solution, state.breached, SOLUTION),
        rating=state.rating,
        version=state.moves,
    )


def times_of(before: TicketState, new: TicketState) -> dict[str, str]:
    """Return the due times a move has changed, old and new, for the timeline."""
    changed: dict[str, str] = {}
    for name in (FIRST_ANSWER, SOLUTION):
        was, now = due_at(before, name), due_at(new, name)
        if was != now:
            changed[f"{name}_was"], changed[f"{name}_due"] = _written(was), _written(now)
    return changed


def _kept(clock: Clock | None, breached: list[str], name: str) -> bool | None:
    """Return whether a target was met; a breach is known at once, the rest when the clock stops."""
    if name in breached:
        return False
    return clocks.was_kept(clock) if clock is not None and clock.met_at is not None else None


def _written(at: datetime | None) -> str:
    return at.isoformat() if at else ""
