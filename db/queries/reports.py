"""All that the report of a completed task says, read in one go."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.checklists import answers_from, items_from
from db.models.assignments import TechnicianAssignment
from db.models.core import Organization, User
from db.models.machines import RvmMachine
from domain.arrivals import ArrivalMethod, ArrivalOutcome
from domain.assignments import AssignmentStatus, TaskType
from domain.checklists import ChecklistAnswer, ChecklistItem
from domain.priorities import Priority

LOOKS_ALIKE_BITS = 6
"""Two pictures are similar when at most so many of the 64 bits of their looks differ."""

_PHOTOS = text(
    """
    select f.sha256, p.caption, p.taken_at, p.problem_report_id is not null as reported, u.name as sent_by,
      (select min(o.assignment_id) from assignment_photos o join files g on g.id = o.file_id
       where o.organization_id = p.organization_id and o.assignment_id <> p.assignment_id and o.id < p.id
         and g.id <> f.id and bit_count((g.look # f.look)::bit(64)) <= :alike) as similar_to
    from assignment_photos p
    join files f on f.id = p.file_id
    left join users u on u.id = p.sent_by
    where p.assignment_id = :assignment
    order by p.taken_at, p.id
    """
)


@dataclass(frozen=True, slots=True)
class ReportedArrival:
    """How the technician showed that they were there; metres."""

    method: ArrivalMethod
    outcome: ArrivalOutcome | None
    distance_m: float | None
    accuracy_m: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReportedPhoto:
    """A photo of the report; ``reported``: it came with a report of the problem, not from the work."""

    sha256: str
    caption: str
    taken_at: datetime
    sent_by: str
    reported: bool = False
    similar_to: int | None = None
    """The first task that had shown a picture which looks like it before (WORDS 5)."""


@dataclass(frozen=True, slots=True)
class CompletionReport:
    """A completed task as its report tells it. ``language``: of the dispatcher, who reads it."""

    assignment_id: int
    organization_id: int
    organization_name: str
    version: int
    language: str
    task_type: TaskType
    priority: Priority
    description: str
    machine_uuid: UUID
    machine_name: str
    machine_address: str
    serial_number: str
    latitude: float
    longitude: float
    zone: str
    dispatcher: str
    done_by: str
    scheduled_at: datetime
    accepted_at: datetime | None
    started_at: datetime | None
    completed_at: datetime
    expected_minutes: int
    notes: str
    file_id: int | None = None
    """The report that was kept when the completion settled."""
    arrival: ReportedArrival | None = None
    steps: list[tuple[ChecklistItem, ChecklistAnswer | None]] = field(default_factory=list)
    photos: list[ReportedPhoto] = field(default_factory=list)

    @property
    def number(self) -> str:
        """What the report is quoted by: the task, and which state of it."""
        return f"{self.assignment_id}-{self.version}"


def _query() -> Select[*tuple[Any, ...]]:
    by, to = aliased(User), aliased(User)
    return (
        select(TechnicianAssignment, RvmMachine, Organization.name, by.name, by.language, to.name)
        .join(Organization, Organization.id == TechnicianAssignment.organization_id)
        .join(RvmMachine, RvmMachine.id == TechnicianAssignment.rvm_machine_id)
        .join(by, by.id == TechnicianAssignment.assigned_by)
        .join(to, to.id == TechnicianAssignment.assigned_to)
        .where(TechnicianAssignment.status == AssignmentStatus.COMPLETED)
    )


async def completion_report(
    session: AsyncSession, assignment_id: int, language: str | None = None
) -> CompletionReport | None:
    """Return the report of a task the scope may see; None: there is none, or it is not completed."""
    found = (await session.execute(_query().where(TechnicianAssignment.id == assignment_id))).one_or_none()
    if found is None:
        return None
    task, machine, organization, dispatcher, spoken, done_by = found
    if task.completed_at is None:
        return None
    return CompletionReport(
        assignment_id=task.id,
        organization_id=task.organization_id,
        organization_name=organization,
        version=task.version,
        language=language or spoken,
        task_type=task.task_type,
        priority=task.priority,
        description=task.description,
        machine_uuid=machine.uuid,
        machine_name=machine.name,
        machine_address=machine.address or "",
        serial_number=machine.serial_number or "",
        latitude=float(machine.latitude),
        longitude=float(machine.longitude),
        zone=machine.time_zone,
        dispatcher=dispatcher,
        done_by=done_by,
        scheduled_at=task.scheduled_date,
        accepted_at=task.accepted_at,
        started_at=task.started_at,
        completed_at=task.completed_at,
        expected_minutes=task.expected_minutes,
        notes=task.completion_notes or "",
        file_id=task.report_file_id,
        arrival=_arrival(task),
        steps=_steps(task),
        photos=await _photos(session, assignment_id),
    )


def _arrival(task: TechnicianAssignment) -> ReportedArrival | None:
    if task.arrival_method is None:
        return None
    return ReportedArrival(
        task.arrival_method,
        task.arrival_outcome,
        task.arrival_distance_m,
        task.arrival_accuracy_m,
        task.arrival_reason or "",
    )


def _steps(task: TechnicianAssignment) -> list[tuple[ChecklistItem, ChecklistAnswer | None]]:
    answers = {answer.code: answer for answer in answers_from(task.checklist_answers)}
    return [(item, answers.get(item.code)) for item in items_from(task.checklist)]


async def _photos(session: AsyncSession, assignment_id: int) -> list[ReportedPhoto]:
    rows = await session.execute(_PHOTOS, {"assignment": assignment_id, "alike": LOOKS_ALIKE_BITS})
    return [
        ReportedPhoto(
            sha256=row.sha256,
            caption=row.caption or "",
            taken_at=row.taken_at,
            sent_by=row.sent_by or "",
            reported=row.reported,
            similar_to=row.similar_to,
        )
        for row in rows
    ]
