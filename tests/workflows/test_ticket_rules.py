"""What a ticket refuses to whom, by table and rule."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.business_time import Calendar
from domain.errors import (
    AlreadyTaken,
    Closed,
    InvalidInput,
    NotAllowed,
    NotPossibleNow,
    NotYours,
    ReasonRequired,
    Refusal,
)
from domain.priorities import Priority
from domain.ticket_records import TicketCommand
from domain.tickets import TicketMove as Move
from domain.tickets import TicketPolicy, TicketSource, TicketState
from domain.tickets import TicketStatus as Status
from workflows.ticket_rules import check

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ALWAYS = Calendar("Asia/Jakarta", always=True)
RINA, BAYU, DIMAS, SARI = 1, 2, 3, 4
NAMES = {RINA: "Rina", BAYU: "Bayu", DIMAS: "Dimas", SARI: "Sari"}


def a_ticket(status: Status = Status.OPEN, **changes: Any) -> TicketState:  # noqa: ANN401 - fields
    """Return a ticket in a status, Rina's as soon as it was taken."""
    state = TicketState(
        ticket_id=1,
        number="PD-000001",
        organization_id=1,
        pharmacy_id=1,
        source=TicketSource.CUSTOMER,
        priority=Priority.HIGH,
        policy=TicketPolicy(3600, 8 * 3600, ALWAYS, ALWAYS),
        opened_by=SARI,
        title="Printer",
        module_id=1,
        category_id=1,
        status=status,
        expert_id=None if status == Status.OPEN else RINA,
        expert_name="" if status == Status.OPEN else "Rina",
    )
    for name, value in changes.items():
        setattr(state, name, value)
    return state


def refused(state: TicketState, move: Move, by: int, **changes: Any) -> type[Refusal] | None:  # noqa: ANN401 - fields
    """Return the refusal that a command meets, or None."""
    command = TicketCommand(
        move,
        by,
        NAMES[by],
        actor_is_staff=by != SARI,
        actor_may_review=by in (RINA, BAYU),
        **changes,
    )
    try:
        check(state, command, NOW)
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(
    ("status", "move", "by", "changes", "refusal"),
    [
        (Status.OPEN, Move.TAKE, RINA, {}, None),
        (Status.OPEN, Move.TAKE, DIMAS, {}, NotAllowed),
        (Status.OPEN, Move.TAKE, SARI, {}, NotAllowed),
        (Status.IN_REVIEW, Move.TAKE, BAYU, {}, AlreadyTaken),
        (Status.IN_REVIEW, Move.HAND_OVER, RINA, {}, None),
        (Status.OPEN, Move.HAND_OVER, RINA, {}, InvalidInput),
        (Status.OPEN, Move.FORWARD, RINA, {"note": "x"}, NotPossibleNow),
        (Status.IN_REVIEW, Move.FORWARD, RINA, {}, ReasonRequired),
        (Status.IN_PROGRESS, Move.TAKE, DIMAS, {}, None),
        (Status.OPEN, Move.SOLVE, RINA, {}, NotPossibleNow),
        (Status.OPEN, Move.CLOSE, SARI, {}, None),
        (Status.OPEN, Move.CLOSE, RINA, {}, ReasonRequired),
        (Status.OPEN, Move.CLOSE, RINA, {"reason": "spam"}, None),
        (Status.OPEN, Move.CLOSE, RINA, {"reason": "other", "note": "x"}, ReasonRequired),
        (Status.SOLVED, Move.CLOSE, RINA, {"reason": "other", "note": "x"}, None),
        (Status.WAITING_CUSTOMER, Move.CLOSE, RINA, {"reason": "spam"}, NotAllowed),
        (Status.OPEN, Move.NOTE, SARI, {"note": "x"}, NotAllowed),
        (Status.OPEN, Move.NOTE, DIMAS, {"note": "x"}, NotYours),
        (Status.OPEN, Move.NOTE, RINA, {"note": " "}, ReasonRequired),
        (Status.OPEN, Move.COMMENT, SARI, {}, InvalidInput),
        (Status.OPEN, Move.WARN, RINA, {}, NotAllowed),
        (Status.SOLVED, Move.CONFIRM, RINA, {}, NotAllowed),
        (Status.CLOSED, Move.RATE, SARI, {"rating": 6}, InvalidInput),
        (Status.CLOSED, Move.RATE, SARI, {"rating": 5}, None),
        (Status.IN_REVIEW, Move.SORT, RINA, {"reason": "x"}, InvalidInput),
        (Status.IN_REVIEW, Move.MERGE, RINA, {"into": "PD-000001"}, InvalidInput),
    ],
)
def test_what_a_ticket_allows_to_whom(
    status: Status, move: Move, by: int, changes: dict[str, Any], refusal: type[Refusal] | None
) -> None:
    assert refused(a_ticket(status), move, by, **changes) is refusal


def test_a_tech_works_on_what_was_forwarded_to_them_only() -> None:
    held = a_ticket(Status.IN_PROGRESS, tech_id=DIMAS, tech_name="Dimas")

    assert refused(held, Move.SOLVE, DIMAS) is None
    assert refused(held, Move.TAKE, RINA) is AlreadyTaken
    assert refused(a_ticket(Status.IN_PROGRESS, tech_id=9), Move.SOLVE, DIMAS) is NotYours


def test_a_closed_ticket_reopens_for_seven_days_and_a_merged_one_never() -> None:
    closed = a_ticket(Status.CLOSED, closed_at=NOW - timedelta(days=6))

    assert refused(closed, Move.REOPEN, SARI) is None
    closed.closed_at = NOW - timedelta(days=8)
    assert refused(closed, Move.REOPEN, SARI) is Closed
    assert refused(a_ticket(Status.CLOSED, closed_at=NOW, merged_into="PD-2"), Move.REOPEN, SARI) is Closed
