"""What an assignment refuses, without a server: the table of statuses, people and what a move lacks."""

import dataclasses
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.arrivals import ArrivalMethod, Proof
from domain.assignments import (
    AssignmentCommand,
    AssignmentPolicy,
    AssignmentState,
    TaskType,
)
from domain.assignments import AssignmentMove as Move
from domain.assignments import AssignmentStatus as Status
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind
from domain.errors import (
    AlreadyTaken,
    ChecklistOpen,
    Closed,
    InvalidInput,
    NotAllowed,
    NotPossibleNow,
    NotYours,
    PhotoRequired,
    ReasonRequired,
    Refusal,
    UndoTooLate,
)
from domain.offers import Candidate, Offer
from domain.priorities import Priority
from workflows.assignment_deadlines import next_deadline
from workflows.assignment_rules import check

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
BUDI, SARI, TONO, ADMIN = 4, 5, 6, 2
STEP = ChecklistItem("heat", "Suhu", "Heat", ItemKind.NUMBER, maximum=55)
PENDING = AssignmentState(
    assignment_id=12,
    organization_id=1,
    machine_id=3,
    machine_uuid=UUID(int=3),
    machine_name="RVM",
    assigned_by=ADMIN,
    task_type=TaskType.REPAIR,
    priority=Priority.LOW,
    scheduled_date=NOW,
    policy=AssignmentPolicy(3600),
    asked=[Candidate(BUDI, "Budi"), Candidate(SARI, "Sari")],
    waiting=[Candidate(TONO, "Tono")],
    offer_due_at=NOW + timedelta(hours=1),
)
ACCEPTED = dataclasses.replace(PENDING, status=Status.ACCEPTED, holder=BUDI, holder_name="Budi", asked=[])
WORKING = dataclasses.replace(
    ACCEPTED, status=Status.IN_PROGRESS, photos=[1], checklist=[STEP], started_at=NOW
)
DONE = dataclasses.replace(WORKING, status=Status.COMPLETED, undo_until=NOW + timedelta(minutes=2))
OVER = dataclasses.replace(DONE, settled=True)
CANCELLED = dataclasses.replace(PENDING, status=Status.CANCELLED)
ANSWER = ChecklistAnswer("heat", CheckOutcome.OK, number=20)

REFUSED = [
    (PENDING, Move.START, BUDI, {}, NotPossibleNow),
    (PENDING, Move.ACCEPT, TONO, {}, NotYours),
    (PENDING, Move.CANCEL, BUDI, {}, NotAllowed),
    (PENDING, Move.DECLINE, BUDI, {}, ReasonRequired),
    (PENDING, Move.DECLINE, BUDI, {"reason": "other"}, ReasonRequired),
    (PENDING, Move.DECLINE, BUDI, {"reason": "bored"}, ReasonRequired),
    (PENDING, Move.OFFER, ADMIN, {}, InvalidInput),
    (PENDING, Move.OFFER, ADMIN, {"offer": Offer()}, InvalidInput),
    (PENDING, Move.EXPIRE, ADMIN, {}, NotAllowed),
    (PENDING, Move.WITHDRAW, ADMIN, {"withdrawn": TONO}, NotYours),
    (PENDING, Move.PRIORITIZE, ADMIN, {}, InvalidInput),
    (PENDING, Move.RESCHEDULE, ADMIN, {"scheduled_date": NOW}, InvalidInput),
    (ACCEPTED, Move.RESCHEDULE, ADMIN, {"scheduled_date": NOW.replace(tzinfo=None)}, InvalidInput),
    (ACCEPTED, Move.ACCEPT, SARI, {}, AlreadyTaken),
    (ACCEPTED, Move.START, SARI, {"proof": Proof(ArrivalMethod.QR, NOW)}, NotYours),
    (ACCEPTED, Move.START, BUDI, {}, ReasonRequired),
    (ACCEPTED, Move.START, BUDI, {"reason": "  "}, ReasonRequired),
    (ACCEPTED, Move.PHOTO, BUDI, {"file_ids": [1]}, NotPossibleNow),
    (WORKING, Move.PHOTO, BUDI, {}, PhotoRequired),
    (WORKING, Move.CHECK, BUDI, {}, InvalidInput),
    (WORKING, Move.CHECK, BUDI, {"answers": [ChecklistAnswer("belt", CheckOutcome.OK)]}, InvalidInput),
    (WORKING, Move.COMPLETE, BUDI, {}, ChecklistOpen),
    (dataclasses.replace(WORKING, photos=[]), Move.COMPLETE, BUDI, {}, PhotoRequired),
    (WORKING, Move.UNDO, BUDI, {}, NotPossibleNow),
    (DONE, Move.PHOTO, BUDI, {"file_ids": [1]}, Closed),
    (DONE, Move.CANCEL, ADMIN, {}, Closed),
    (DONE, Move.UNDO, SARI, {}, NotYours),
    (OVER, Move.UNDO, BUDI, {}, UndoTooLate),
    (CANCELLED, Move.ACCEPT, BUDI, {}, Closed),
    (CANCELLED, Move.UNDO, BUDI, {}, Closed),
]
TAKEN = [
    (PENDING, Move.ACCEPT, SARI, {}),
    (PENDING, Move.WITHDRAW, ADMIN, {"withdrawn": BUDI}),
    (ACCEPTED, Move.ACCEPT, BUDI, {}),  # twice is once
    (ACCEPTED, Move.START, BUDI, {"reason": "no signal"}),
    (WORKING, Move.OFFER, ADMIN, {"offer": Offer([Candidate(TONO, "Tono")])}),
    (WORKING, Move.CHECK, BUDI, {"answers": [ANSWER]}),
    (dataclasses.replace(WORKING, answers=[ANSWER]), Move.COMPLETE, BUDI, {}),
    (DONE, Move.UNDO, BUDI, {}),
]


def command(move: Move, by: int, words: dict[str, object]) -> AssignmentCommand:
    """Return a move by a person."""
    bare = AssignmentCommand(move, by, "Somebody", actor_may_manage=by == ADMIN)
    return dataclasses.replace(bare, **words)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "move", "by", "words", "refusal"), REFUSED)
def test_a_move_is_refused(
    state: AssignmentState, move: Move, by: int, words: dict[str, object], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check(state, command(move, by, words), NOW)


@pytest.mark.parametrize(("state", "move", "by", "words"), TAKEN)
def test_a_move_is_taken(state: AssignmentState, move: Move, by: int, words: dict[str, object]) -> None:
    check(state, command(move, by, words), NOW)


def test_undoing_ends_with_the_minute_it_ends_and_a_refusal_names_it_only_to_the_holder() -> None:
    with pytest.raises(UndoTooLate):
        check(DONE, command(Move.UNDO, BUDI, {}), NOW + timedelta(minutes=2))
    for who, undo in ((BUDI, True), (SARI, False)):
        with pytest.raises(Closed) as closed:
            check(DONE, command(Move.PHOTO, who, {"file_ids": [1]}), NOW)
        assert closed.value.details["undo"] is undo


@pytest.mark.parametrize(
    ("state", "what", "minutes"),
    [
        (PENDING, "remind", 30),
        (dataclasses.replace(PENDING, reminded=True), "expire", 60),
        (dataclasses.replace(PENDING, asked=[], since=NOW), "not_accepted", 60),
        (dataclasses.replace(ACCEPTED, since=NOW + timedelta(hours=2)), "not_started", 135),
        (dataclasses.replace(WORKING, since=NOW, expected_minutes=40), "not_finished", 60),
        # Undone when it was late already: a moment, not at once.
        (dataclasses.replace(WORKING, since=NOW + timedelta(hours=9)), "not_finished", 9 * 60 + 15),
        (DONE, "settle", 2),
    ],
)
def test_a_task_waits_for_one_thing(state: AssignmentState, what: str, minutes: float) -> None:
    deadline = next_deadline(state)
    assert deadline is not None
    assert (deadline.what, deadline.at - NOW) == (what, timedelta(minutes=minutes))


@pytest.mark.parametrize("state", [OVER, CANCELLED, dataclasses.replace(ACCEPTED, since=None)])
def test_what_is_over_waits_for_nothing(state: AssignmentState) -> None:
    assert next_deadline(state) is None
