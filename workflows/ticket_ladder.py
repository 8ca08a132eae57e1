"""The ladder of a ticket whose promise is broken: holder, all experts, admins, super admins (WORDS 1)."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import ids
    from domain.chat import Thing
    from domain.escalations import Audience, EscalationKind, EscalationState, Rung
    from domain.priorities import Priority
    from domain.tickets import TicketState, TicketStatus
    from workflows.escalating import begin_ladder, end_ladder
    from workflows.ticket_changes import FIRST_ANSWER, SOLUTION

_AUDIENCES = (Audience.HOLDER, Audience.EXPERTS, Audience.ADMINS, Audience.SUPER_ADMINS)
_SETTLED = frozenset({TicketStatus.WAITING_CUSTOMER, TicketStatus.SOLVED, TicketStatus.CLOSED})


async def follow(state: TicketState) -> None:
    """Start a ladder when a clock has run out; end it when its promise is kept after all, or moot."""
    wanted = broken(state)
    if wanted == state.ladder:
        return
    if wanted:
        await begin_ladder(_ladder(state, wanted))
    else:
        await end_ladder(ids.ticket_id(state.number), state.status.value)
    state.ladder = wanted


def broken(state: TicketState) -> str:
    """Return the clock whose promise is broken and still owed; empty when there is none."""
    owed = {FIRST_ANSWER: state.first_answer, SOLUTION: state.solution}
    if state.status in _SETTLED:
        return ""
    for name in (SOLUTION, FIRST_ANSWER):
        clock = owed[name]
        if name in state.breached and clock is not None and clock.met_at is None:
            return name
    return ""


def _ladder(state: TicketState, name: str) -> EscalationState:
    steps = zip(_AUDIENCES, state.policy.ladder_s, strict=False)
    return EscalationState(
        owner=Thing.TICKET,
        owner_id=state.ticket_id,
        owner_workflow_id=ids.ticket_id(state.number),
        organization_id=state.organization_id,
        kind=EscalationKind(name),
        title=state.number,
        rungs=[Rung(audience, after_s) for audience, after_s in steps],
        started_at=workflow.now(),
        urgent=state.priority == Priority.URGENT,
    )
