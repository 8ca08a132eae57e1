"""Reading assignments, their events and photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.assignments import AssignmentEvent, AssignmentPhoto, TechnicianAssignment
from db.models.core import File, User
from db.models.machines import RvmMachine
from db.queries.settings import setting
from domain.assignments import (
    OPEN_STATUSES,
    AssignmentMove,
    AssignmentPolicy,
    AssignmentState,
    AssignmentStatus,
    TaskType,
)
from domain.ids import onboarding_id
from domain.onboarding import OPEN_STEPS, OnboardingStep
from domain.priorities import Priority


@dataclass(frozen=True, slots=True)
class AssignmentDetail:
    """An assignment as cards, lists and the API show it."""

    assignment_id: int
    organization_id: int
    status: AssignmentStatus
    task_type: TaskType
    priority: Priority
    assigned_by: int
    assigned_by_name: str
    assigned_to: int | None
    assigned_to_name: str | None
    machine_id: int
    machine_uuid: UUID
    machine_name: str
    machine_address: str | None
    machine_time_zone: str
    latitude: float
    longitude: float
    machine_self_test: dict[str, Any] | None
    machine_onboarding_step: OnboardingStep
    scheduled_date: datetime
    expected_minutes: int
    offer_due_at: datetime | None
    accepted_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    description: str
    completion_notes: str | None
    photos: list[int]
    version: int
    created_at: datetime
    updated_at: datetime


_BY, _TO = aliased(User), aliased(User)
_ORGANIZATION = select(TechnicianAssignment.organization_id).where(
    TechnicianAssignment.id == bindparam("assignment_id")
)


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(TechnicianAssignment, RvmMachine, _BY.name, _TO.name)
        .join(RvmMachine, RvmMachine.id == TechnicianAssignment.rvm_machine_id)
        .join(_BY, _BY.id == TechnicianAssignment.assigned_by)
        .outerjoin(_TO, _TO.id == TechnicianAssignment.assigned_to)
    )


def _detail(row: Row[*tuple[Any, ...]]) -> AssignmentDetail:
    task, machine, by_name, to_name = row
    return AssignmentDetail(
        assignment_id=task.id,
        organization_id=task.organization_id,
        status=task.status,
        task_type=task.task_type,
        priority=task.priority,
        assigned_by=task.assigned_by,
        assigned_by_name=by_name,
        assigned_to=task.assigned_to,
        assigned_to_name=to_name,
        machine_id=machine.id,
        machine_uuid=machine.uuid,
        machine_name=machine.name,
        machine_address=machine.address,
        machine_time_zone=machine.time_zone,
        latitude=float(machine.latitude),
        longitude=float(machine.longitude),
        machine_self_test=machine.self_test,
        machine_onboarding_step=machine.onboarding_step,
        scheduled_date=task.scheduled_date,
        expected_minutes=task.expected_minutes,
        offer_due_at=task.offer_due_at,
        accepted_at=task.accepted_at,
        started_at=task.started_at,
        completed_at=task.completed_at,
        cancelled_at=task.cancelled_at,
        description=task.description,
        completion_notes=task.completion_notes,
        photos=list(task.photos),
        version=task.version,
        created_at=task.created_at,
        updated_at=task.updated_at,
    )


async def assignment_by_id(session: AsyncSession, assignment_id: int) -> AssignmentDetail | None:
    """Return an assignment the scope may see."""
    row = (await session.execute(_query().where(TechnicianAssignment.id == assignment_id))).one_or_none()
    return None if row is None else _detail(row)


async def organization_of(session: AsyncSession, assignment_id: int) -> int | None:
    """Return the organization of an assignment the scope may see."""
    return await session.scalar(_ORGANIZATION, {"assignment_id": assignment_id})


@dataclass(frozen=True, slots=True)
class AssignmentFilter:
    """What a list is narrowed to; empty means everything the scope shows."""

    organizations: Sequence[int] | None = None
    statuses: Sequence[AssignmentStatus] = ()
    assigned_to: int | None = None
    machine_id: int | None = None
    task_type: TaskType | None = None
    priority: Priority | None = None


def _filtered(query: Select[*tuple[Any, ...]], wanted: AssignmentFilter) -> Select[*tuple[Any, ...]]:
    if wanted.organizations is not None:
        query = query.where(TechnicianAssignment.organization_id.in_(wanted.organizations))
    if wanted.statuses:
        query = query.where(TechnicianAssignment.status.in_(wanted.statuses))
    if wanted.assigned_to is not None:
        query = query.where(TechnicianAssignment.assigned_to == wanted.assigned_to)
    if wanted.machine_id is not None:
        query = query.where(TechnicianAssignment.rvm_machine_id == wanted.machine_id)
    if wanted.task_type is not None:
        query = query.where(TechnicianAssignment.task_type == wanted.task_type)
    if wanted.priority is not None:
        query = query.where(TechnicianAssignment.priority == wanted.priority)
    return query


async def list_assignments(
    session: AsyncSession, wanted: AssignmentFilter, *, limit: int = 50, offset: int = 0
) -> list[AssignmentDetail]:
    """Return assignments by scheduled date, earliest first."""
    rows = await session.execute(
        _filtered(_query(), wanted)
        .order_by(TechnicianAssignment.scheduled_date, TechnicianAssignment.id)
        .limit(limit)
        .offset(offset)
    )
    return [_detail(row) for row in rows]


async def count_assignments(session: AsyncSession, wanted: AssignmentFilter) -> int:
    """Return how many assignments ``list_assignments`` pages through."""
    query = select(func.count()).select_from(TechnicianAssignment)
    return int(await session.scalar(_filtered(query, wanted)) or 0)


async def open_assignments_of(session: AsyncSession, user_id: int) -> list[AssignmentDetail]:
    """Return what a person is offered or holds, in order of the day."""
    return await list_assignments(
        session, AssignmentFilter(assigned_to=user_id, statuses=tuple(OPEN_STATUSES)), limit=100
    )


async def photo_used_before(session: AsyncSession, organization_id: int, original_sha256: str) -> int | None:
    """Return the assignment that already shows the identical file (WORDS 5), or None."""
    return await session.scalar(
        select(AssignmentPhoto.assignment_id)
        .join(File, File.id == AssignmentPhoto.file_id)
        .where(File.organization_id == organization_id, File.original_sha256 == original_sha256)
        .limit(1)
    )


async def move_recorded(session: AsyncSession, assignment_id: int, source: str) -> bool:
    """Return whether this source's move on the assignment was written."""
    query = select(AssignmentEvent.id).where(
        AssignmentEvent.assignment_id == assignment_id, AssignmentEvent.source == source
    )
    return await session.scalar(query) is not None


async def assignment_state(session: AsyncSession, assignment_id: int) -> AssignmentState | None:
    """Rebuild the workflow's state from the row: how a lost run is repaired."""
    detail = await assignment_by_id(session, assignment_id)
    if detail is None:
        return None
    offer_stands_s = await setting(session, detail.organization_id, f"offer_stands_{detail.priority}_s")
    waits = detail.task_type == TaskType.INSTALLATION and detail.machine_onboarding_step in OPEN_STEPS
    return AssignmentState(
        assignment_id=detail.assignment_id,
        organization_id=detail.organization_id,
        machine_id=detail.machine_id,
        machine_uuid=detail.machine_uuid,
        machine_name=detail.machine_name,
        assigned_by=detail.assigned_by,
        task_type=detail.task_type,
        priority=detail.priority,
        scheduled_date=detail.scheduled_date,
        policy=AssignmentPolicy(offer_stands_s=offer_stands_s),
        assigned_to=detail.assigned_to,
        assignee_name=detail.assigned_to_name or "",
        description=detail.description,
        expected_minutes=detail.expected_minutes,
        onboarding_id=onboarding_id(detail.machine_uuid) if waits else None,
        status=detail.status,
        holder=detail.assigned_to if detail.status != AssignmentStatus.PENDING else None,
        created=True,
        photos=len(detail.photos),
        offer_due_at=detail.offer_due_at,
        reminded=await _was_reminded(session, assignment_id),
        moves=detail.version,
    )


async def _was_reminded(session: AsyncSession, assignment_id: int) -> bool:
    """Return whether the offer that stands has been reminded of."""
    moves = select(AssignmentEvent.move).where(
        AssignmentEvent.assignment_id == assignment_id,
        AssignmentEvent.move.in_((AssignmentMove.OFFER, AssignmentMove.REMIND)),
    )
    last = await session.scalar(moves.order_by(AssignmentEvent.id.desc()).limit(1))
    return last == AssignmentMove.REMIND
