"""Reading assignments, their events and photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.checklists import answers_from, items_from
from db.models.assignments import AssignmentEvent, AssignmentPhoto, TechnicianAssignment
from db.models.core import File, User
from db.models.escalations import Escalation
from db.models.machines import RvmMachine
from db.queries.offers import OFFERS, OfferLine, is_asked, offer_lines
from domain.arrivals import Arrival
from domain.assignments import HELD_STATUSES, OPEN_STATUSES, AssignmentStatus, TaskType
from domain.chat import Thing
from domain.checklists import ChecklistAnswer, ChecklistItem, unanswered
from domain.offers import Candidate, OfferMode, OfferOutcome
from domain.onboarding import OnboardingStep
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
    arrival_radius_m: int | None
    parent_assignment_id: int | None
    offer_mode: OfferMode
    offer_due_at: datetime | None
    offers: list[OfferLine]
    """Everybody who was asked, round by round, in the order they were asked."""
    accepted_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    undo_until: datetime | None
    settled_at: datetime | None
    arrival: Arrival | None
    """How the technician showed that they are there; None before the start."""
    checklist: list[ChecklistItem]
    """The steps as they were at the start."""
    answers: list[ChecklistAnswer]
    description: str
    completion_notes: str | None
    photos: list[int]
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def asked(self) -> list[Candidate]:
        """Who may accept now."""
        return [Candidate(one.user_id, one.name) for one in self.offers if one.outcome == OfferOutcome.ASKED]

    @property
    def holder(self) -> int | None:
        """Who accepted it; None while nobody holds it, and after it is over."""
        return self.assigned_to if self.status in HELD_STATUSES else None

    @property
    def steps_open(self) -> list[ChecklistItem]:
        """The steps without an answer."""
        return unanswered(self.checklist, self.answers)

    def can_be_undone(self, now: datetime) -> bool:
        """Return whether the completion can still be taken back."""
        return self.settled_at is None and self.undo_until is not None and now < self.undo_until

    def concerns(self, user_id: int) -> bool:
        """Return whether a person is asked for it, holds it, or did it: whoever may open it as their own."""
        return self.assigned_to == user_id or any(one.user_id == user_id for one in self.asked)


_BY, _TO = aliased(User), aliased(User)
_ORGANIZATION = select(TechnicianAssignment.organization_id).where(
    TechnicianAssignment.id == bindparam("assignment_id")
)


# Made once: to make them takes longer than to run them.
_QUERY: Select[*tuple[Any, ...]] = (
    select(TechnicianAssignment, RvmMachine, _BY.name, _TO.name, OFFERS)
    .join(RvmMachine, RvmMachine.id == TechnicianAssignment.rvm_machine_id)
    .join(_BY, _BY.id == TechnicianAssignment.assigned_by)
    .outerjoin(_TO, _TO.id == TechnicianAssignment.assigned_to)
)
_ONE = _QUERY.where(TechnicianAssignment.id == bindparam("assignment_id"))


def _detail(row: Row[*tuple[Any, ...]]) -> AssignmentDetail:
    task, machine, by_name, to_name, offers = row
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
        arrival_radius_m=task.arrival_radius_m,
        parent_assignment_id=task.parent_assignment_id,
        offer_mode=task.offer_mode,
        offer_due_at=task.offer_due_at,
        offers=offer_lines(offers),
        accepted_at=task.accepted_at,
        started_at=task.started_at,
        completed_at=task.completed_at,
        cancelled_at=task.cancelled_at,
        undo_until=task.undo_until,
        settled_at=task.settled_at,
        arrival=_arrival(task),
        checklist=items_from(task.checklist),
        answers=answers_from(task.checklist_answers),
        description=task.description,
        completion_notes=task.completion_notes,
        photos=list(task.photos),
        version=task.version,
        created_at=task.created_at,
        updated_at=task.updated_at,
    )


def _arrival(task: TechnicianAssignment) -> Arrival | None:
    at = task.arrived_at or task.started_at
    if task.arrival_method is None or task.arrival_outcome is None or at is None:
        return None
    return Arrival(
        method=task.arrival_method,
        outcome=task.arrival_outcome,
        at=at,
        latitude=task.arrival_latitude,
        longitude=task.arrival_longitude,
        accuracy_m=task.arrival_accuracy_m,
        distance_m=task.arrival_distance_m,
        reason=task.arrival_reason or "",
    )


async def assignment_by_id(session: AsyncSession, assignment_id: int) -> AssignmentDetail | None:
    """Return an assignment the scope may see."""
    row = (await session.execute(_ONE, {"assignment_id": assignment_id})).one_or_none()
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
    """Who is asked for it, holds it, or did it."""
    machine_id: int | None = None
    task_type: TaskType | None = None
    priority: Priority | None = None
    scheduled_from: datetime | None = None
    scheduled_to: datetime | None = None
    """Not itself part of it."""
    overdue: bool | None = None
    """Whether a ladder calls about its delay now."""


def _filtered(query: Select[*tuple[Any, ...]], wanted: AssignmentFilter) -> Select[*tuple[Any, ...]]:
    if wanted.organizations is not None:
        query = query.where(TechnicianAssignment.organization_id.in_(wanted.organizations))
    if wanted.statuses:
        query = query.where(TechnicianAssignment.status.in_(wanted.statuses))
    if wanted.assigned_to is not None:
        query = query.where(
            or_(TechnicianAssignment.assigned_to == wanted.assigned_to, is_asked(wanted.assigned_to))
        )
    if wanted.machine_id is not None:
        query = query.where(TechnicianAssignment.rvm_machine_id == wanted.machine_id)
    if wanted.task_type is not None:
        query = query.where(TechnicianAssignment.task_type == wanted.task_type)
    if wanted.priority is not None:
        query = query.where(TechnicianAssignment.priority == wanted.priority)
    return _in_time(query, wanted)


def _in_time(query: Select[*tuple[Any, ...]], wanted: AssignmentFilter) -> Select[*tuple[Any, ...]]:
    if wanted.scheduled_from is not None:
        query = query.where(TechnicianAssignment.scheduled_date >= wanted.scheduled_from)
    if wanted.scheduled_to is not None:
        query = query.where(TechnicianAssignment.scheduled_date < wanted.scheduled_to)
    if wanted.overdue is not None:
        called = exists().where(
            Escalation.owner == Thing.ASSIGNMENT,
            Escalation.owner_id == TechnicianAssignment.id,
            Escalation.ended_at.is_(None),
        )
        query = query.where(called if wanted.overdue else ~called)
    return query


async def list_assignments(
    session: AsyncSession, wanted: AssignmentFilter, *, limit: int = 50, offset: int = 0
) -> list[AssignmentDetail]:
    """Return assignments by scheduled date, earliest first."""
    rows = await session.execute(
        _filtered(_QUERY, wanted)
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


async def held_by(session: AsyncSession, user_id: int) -> int:
    """Return how many tasks a person has accepted and not finished."""
    query = (
        select(func.count())
        .select_from(TechnicianAssignment)
        .where(TechnicianAssignment.assigned_to == user_id, TechnicianAssignment.status.in_(HELD_STATUSES))
    )
    return int(await session.scalar(query) or 0)


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
