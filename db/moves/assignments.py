"""Writing assignments: the row, its event and its photos in the activity's one transaction."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Table, func, literal_column, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import AssignmentEvent, AssignmentPhoto, TechnicianAssignment
from db.models.core import User
from db.models.machines import RvmMachine
from db.queries.new_assignments import NewAssignment, new_assignment
from domain.assignments import (
    AssignmentMove,
    AssignmentRecord,
    AssignmentState,
    TaskType,
)
from domain.offers import Candidate, Offer
from domain.onboarding import InstallationOrder
from domain.priorities import Priority

_TIMESTAMPS = {
    AssignmentMove.ACCEPT: "accepted_at",
    AssignmentMove.START: "started_at",
    AssignmentMove.COMPLETE: "completed_at",
    AssignmentMove.CANCEL: "cancelled_at",
}
# Made once and given values when run: to make an INSERT of values takes longer than to run it.
_ROWS = cast("Table", TechnicianAssignment.__table__)
_EVENTS = cast("Table", AssignmentEvent.__table__)
_EVENT = insert(_EVENTS).on_conflict_do_nothing().returning(_EVENTS.c.id)


async def record_event(session: AsyncSession, record: AssignmentRecord) -> bool:
    """Write the event of a move; return False when this source was written before."""
    row = record.row
    made = await session.scalar(
        _EVENT,
        {
            "organization_id": row.organization_id,
            "assignment_id": row.assignment_id,
            "source": record.source,
            "move": record.move,
            "from_status": record.from_status,
            "to_status": row.status,
            "actor_id": record.actor_id,
            "cause": record.cause or None,
            "reason": record.reason or None,
            "note": record.note or None,
            "details": {"assigned_to": row.assigned_to},
            "at": record.at,
        },
    )
    return made is not None


async def project(session: AsyncSession, record: AssignmentRecord) -> None:
    """Bring the row to what the record says; an older version never overwrites a newer one."""
    row = record.row
    changing: dict[str, Any] = {
        "assigned_to": row.assigned_to,
        "status": row.status,
        "offer_due_at": row.offer_due_at,
        "version": row.version,
    }
    if record.move in _TIMESTAMPS:
        changing[_TIMESTAMPS[record.move]] = record.at
    if record.move == AssignmentMove.COMPLETE:
        changing["completion_notes"] = record.note or None
    if record.move in (AssignmentMove.OFFER, AssignmentMove.HAND_BACK, AssignmentMove.WITHDRAW):
        changing |= {"accepted_at": None, "started_at": None}
    fixed = {
        "id": row.assignment_id,
        "organization_id": row.organization_id,
        "assigned_by": row.assigned_by,
        "rvm_machine_id": row.machine_id,
        "task_type": row.task_type,
        "priority": row.priority,
        "scheduled_date": row.scheduled_date,
        "expected_minutes": row.expected_minutes,
        "description": row.description,
    }
    await session.execute(_projection(tuple(changing)), fixed | changing)


@cache
def _projection(changing: tuple[str, ...]) -> Insert:
    """Return the statement that writes the row, or these columns of it when it is there."""
    there: dict[str, Any] = {name: literal_column(f"excluded.{name}") for name in changing}
    return insert(_ROWS).on_conflict_do_update(
        index_elements=[_ROWS.c.id],
        set_=there | {"updated_at": func.now()},
        where=_ROWS.c.version < literal_column("excluded.version"),
    )


async def add_photos(session: AsyncSession, record: AssignmentRecord) -> None:
    """Attach stored files to the assignment and list them on its row, in the order they came."""
    for file_id in record.file_ids:
        await session.execute(
            insert(AssignmentPhoto)
            .values(
                organization_id=record.row.organization_id,
                assignment_id=record.row.assignment_id,
                file_id=file_id,
                sent_by=record.actor_id,
                caption=record.note or None,
                taken_at=record.at,
            )
            .on_conflict_do_nothing()
        )
    photos = await session.scalars(
        select(AssignmentPhoto.file_id)
        .where(
            AssignmentPhoto.assignment_id == record.row.assignment_id,
            AssignmentPhoto.problem_report_id.is_(None),
        )
        .order_by(AssignmentPhoto.id)
    )
    task = await session.get_one(TechnicianAssignment, record.row.assignment_id)
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
