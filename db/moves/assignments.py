"""Writing assignments: the row, its event, offers, grants and photos in the activity's one transaction."""

import dataclasses
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningInsert

from db.checklists import described, stored
from db.models.assignments import AssignmentEvent, AssignmentOffer, AssignmentPhoto, TechnicianAssignment
from db.models.core import User
from db.models.machines import RvmMachine
from db.moves import grants
from db.queries.new_assignments import NewAssignment, new_assignment
from domain.assignment_records import AssignmentRecord, AssignmentRow, FollowUpOrder, WorkBegun
from domain.assignments import AssignmentMove, AssignmentState, TaskType
from domain.offers import Candidate, Offer, OfferOutcome
from domain.onboarding import InstallationOrder
from domain.priorities import Priority

_M = AssignmentMove
_TIMESTAMPS = {
    _M.ACCEPT: "accepted_at",
    _M.START: "started_at",
    _M.COMPLETE: "completed_at",
    _M.CANCEL: "cancelled_at",
}
_NOTHING_BEGUN: dict[str, Any] = {
    "accepted_at": None,
    "started_at": None,
    "arrived_at": None,
    "arrival_method": None,
    "arrival_outcome": None,
    "arrival_latitude": None,
    "arrival_longitude": None,
    "arrival_accuracy_m": None,
    "arrival_distance_m": None,
    "arrival_reason": None,
    "checklist": [],
    "checklist_answers": [],
}
_BACK = frozenset({_M.OFFER, _M.HAND_BACK, _M.WITHDRAW})
_ENDS_ACCESS = _BACK | {_M.CANCEL}
# Made once and given values when run: to make an INSERT of values takes longer than to run it.
_ROWS = cast("Table", TechnicianAssignment.__table__)
_CREATE = insert(_ROWS).on_conflict_do_nothing()
_EVENTS = cast("Table", AssignmentEvent.__table__)
_EVENT = (
    insert(_EVENTS)
    .values({one.name: bindparam(f"event_{one.name}") for one in _EVENTS.c if one.name != "id"})
    .on_conflict_do_nothing()
    .returning(_EVENTS.c.id)
)
_OFFERS = cast("Table", AssignmentOffer.__table__)
_ASK = insert(_OFFERS).on_conflict_do_nothing()
_ANSWER = (
    update(_OFFERS)
    .where(
        _OFFERS.c.assignment_id == bindparam("of_assignment"),
        _OFFERS.c.user_id == bindparam("of_user"),
        _OFFERS.c.offer_no == bindparam("of_round"),
    )
    .values(outcome=bindparam("became"), answered_at=bindparam("at"))
)


async def record(session: AsyncSession, made: AssignmentRecord) -> bool:
    """Write a move with all it brings; return False when this source was written before."""
    if not await record_move(session, made):
        return False
    await _record_offers(session, made)
    await _record_access(session, made)
    if made.file_ids:
        await _add_photos(session, made)
    return True


async def record_move(session: AsyncSession, made: AssignmentRecord, begun: WorkBegun | None = None) -> bool:
    """Bring the row to what the record says and write the event; False when this source was written before.

    An older version of the row never overwrites a newer one.
    """
    event = {f"event_{name}": value for name, value in _event(made, begun).items()}
    changing = _changing(made) | (_begun(begun) if begun is not None else {})
    if made.from_status is not None:
        version = {"of_assignment": made.row.assignment_id, "to_version": made.row.version}
        return await session.scalar(_projection(tuple(changing)), event | version | changing) is not None
    await session.execute(_CREATE, _fixed(made.row) | changing)
    return await session.scalar(_EVENT, event) is not None


def _event(made: AssignmentRecord, begun: WorkBegun | None) -> dict[str, Any]:
    row = made.row
    details: dict[str, Any] = {"assigned_to": row.assigned_to}
    if made.asked:
        details["asked"] = made.asked
    if made.former_date is not None:
        details |= {"from": made.former_date.isoformat(), "to": row.scheduled_date.isoformat()}
    if made.former_priority is not None:
        details |= {"from": made.former_priority, "to": row.priority}
    if begun is not None:
        details["arrival"] = dataclasses.asdict(begun.arrival) | {"at": begun.arrival.at.isoformat()}
    return {
        "organization_id": row.organization_id,
        "assignment_id": row.assignment_id,
        "source": made.source,
        "move": made.move,
        "from_status": made.from_status,
        "to_status": row.status,
        "actor_id": made.actor_id,
        "cause": made.cause or None,
        "reason": made.reason or None,
        "note": made.note or None,
        "details": details,
        "at": made.at,
    }


def _fixed(row: AssignmentRow) -> dict[str, Any]:
    """Return the columns that are written once."""
    return {
        "id": row.assignment_id,
        "organization_id": row.organization_id,
        "assigned_by": row.assigned_by,
        "rvm_machine_id": row.machine_id,
        "task_type": row.task_type,
        "priority": row.priority,
        "scheduled_date": row.scheduled_date,
        "expected_minutes": row.expected_minutes,
        "description": row.description,
        "arrival_radius_m": row.arrival_radius_m,
        "parent_assignment_id": row.parent_assignment_id,
    }


def _changing(made: AssignmentRecord) -> dict[str, Any]:
    """Return the columns that a move may change."""
    row = made.row
    changing: dict[str, Any] = {
        "assigned_to": row.assigned_to,
        "status": row.status,
        "offer_mode": row.offer_mode,
        "offer_due_at": row.offer_due_at,
        "undo_until": row.undo_until,
        "version": row.version,
    }
    if made.move in _BACK:
        changing |= _NOTHING_BEGUN
    if made.move in _TIMESTAMPS:
        changing[_TIMESTAMPS[made.move]] = made.at
    if made.move == _M.COMPLETE:
        changing["completion_notes"] = made.note or None
    if made.move == _M.UNDO:
        changing["completed_at"] = None
    if made.settles:
        changing["settled_at"] = made.at
    if made.former_date is not None:
        changing["scheduled_date"] = row.scheduled_date
    if made.former_priority is not None:
        changing["priority"] = row.priority
    if made.answers is not None:
        changing["checklist_answers"] = stored(made.answers)
    return changing


def _begun(begun: WorkBegun) -> dict[str, Any]:
    arrival = begun.arrival
    return {
        "arrived_at": arrival.at,
        "arrival_method": arrival.method,
        "arrival_outcome": arrival.outcome,
        "arrival_latitude": arrival.latitude,
        "arrival_longitude": arrival.longitude,
        "arrival_accuracy_m": arrival.accuracy_m,
        "arrival_distance_m": arrival.distance_m,
        "arrival_reason": arrival.reason or None,
        "checklist": stored(begun.checklist),
        "checklist_answers": [],
    }


@cache
def _projection(changing: tuple[str, ...]) -> ReturningInsert[int]:
    """Return the statement that brings these columns of a row up to date and writes the event."""
    row = (
        update(_ROWS)
        .where(_ROWS.c.id == bindparam("of_assignment"), _ROWS.c.version < bindparam("to_version"))
        .values({name: bindparam(name) for name in changing} | {"updated_at": func.now()})
    )
    return _EVENT.add_cte(row.cte("projected"))


async def _record_offers(session: AsyncSession, made: AssignmentRecord) -> None:
    """Write who is asked by a move, and what became of those who were."""
    row = made.row
    asked = [
        {
            "organization_id": row.organization_id,
            "assignment_id": row.assignment_id,
            "user_id": one.user_id,
            "offer_no": one.offer_no,
            "offered_at": made.at,
        }
        for one in made.offers
        if one.outcome == OfferOutcome.ASKED
    ]
    answered = [
        {
            "of_assignment": row.assignment_id,
            "of_user": one.user_id,
            "of_round": one.offer_no,
            "became": one.outcome,
            "at": made.at,
        }
        for one in made.offers
        if one.outcome != OfferOutcome.ASKED
    ]
    if answered:
        await session.execute(_ANSWER, answered)
    if asked:
        await session.execute(_ASK, asked)


async def _record_access(session: AsyncSession, made: AssignmentRecord) -> None:
    """Open the machine to whoever accepted, and close it again when the task leaves them."""
    row = made.row
    if made.move == _M.ACCEPT:
        await grants.open_for_assignment(session, made)
    elif made.settles or (made.move in _ENDS_ACCESS and made.from_status is not None):
        await grants.close_of_assignment(session, row.assignment_id, made.at, made.actor_id)


async def _add_photos(session: AsyncSession, made: AssignmentRecord) -> None:
    """Attach stored files to the assignment and list them on its row, in the order they came."""
    for file_id in made.file_ids:
        await session.execute(
            insert(AssignmentPhoto)
            .values(
                organization_id=made.row.organization_id,
                assignment_id=made.row.assignment_id,
                file_id=file_id,
                sent_by=made.actor_id,
                caption=made.note or None,
                taken_at=made.said_at or made.at,
            )
            .on_conflict_do_nothing()
        )
    photos = await session.scalars(
        select(AssignmentPhoto.file_id)
        .where(
            AssignmentPhoto.assignment_id == made.row.assignment_id,
            AssignmentPhoto.problem_report_id.is_(None),
        )
        .order_by(AssignmentPhoto.id)
    )
    task = await session.get_one(TechnicianAssignment, made.row.assignment_id)
    task.photos = list(photos)


async def self_test_passed(session: AsyncSession, machine_id: int) -> bool:
    """Return whether the machine's last self-test exists and no check failed."""
    report = await session.scalar(select(RvmMachine.self_test).where(RvmMachine.id == machine_id))
    return report is not None and all(check["result"] != "failed" for check in report["checks"])


async def installation_state(session: AsyncSession, order: InstallationOrder) -> AssignmentState:
    """Return what the installation assignment of an onboarding starts from, under the onboarding's number."""
    name = await session.scalar(select(User.name).where(User.id == order.assigned_to))
    installation = NewAssignment(
        machine_id=order.machine_id,
        assigned_by=order.assigned_by,
        task_type=TaskType.INSTALLATION,
        priority=Priority.MEDIUM,
        scheduled_date=order.scheduled_date,
        offer=Offer([Candidate(order.assigned_to, name or order.assignee_name)]),
    )
    return await new_assignment(session, installation, order.onboarding_id)


async def follow_up_state(session: AsyncSession, order: FollowUpOrder) -> AssignmentState:
    """Return what the repair of a task's failed steps starts from: once for each task, whoever asks."""
    language = await session.scalar(select(User.language).where(User.id == order.assigned_by))
    found = {answer.code: answer for answer in order.answers}
    broken = [described(item, found[item.code], language) for item in order.failed]
    repair = NewAssignment(
        machine_id=order.machine_id,
        assigned_by=order.assigned_by,
        task_type=TaskType.REPAIR,
        priority=Priority.HIGH,
        scheduled_date=order.at,
        description="\n".join(broken),
        parent_assignment_id=order.assignment_id,
    )
    return await new_assignment(session, repair, f"follow-up-{order.assignment_id}")
