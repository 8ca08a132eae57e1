"""The calendar: tasks that exist and tasks that plans will make, in the order of their time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment
from db.models.core import User
from db.models.machines import RvmMachine
from db.queries.plans import list_plans
from domain.assignments import AssignmentStatus, TaskType
from domain.plans import due_of, offers
from domain.priorities import Priority

MOST = 2000
"""Tasks of one look; planned ones are bounded by the limit of plans."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One line: a task (``assignment_id``), or what a plan will make (``plan_id``)."""

    at: datetime
    organization_id: int
    machine_id: int
    machine_name: str
    task_type: TaskType
    priority: Priority
    assignment_id: int | None = None
    status: AssignmentStatus | None = None
    assigned_to: int | None = None
    assigned_to_name: str | None = None
    plan_id: int | None = None


async def calendar(
    session: AsyncSession,
    organizations: Sequence[int] | None,
    since: datetime,
    until: datetime,
    now: datetime,
) -> list[CalendarEntry]:
    """Return what is due from ``since`` on and before ``until``.

    A plan's run that has passed is a task already, or was skipped; so only the coming ones are planned.
    """
    found = await _tasks(session, organizations, since, until)
    for detail in await list_plans(session, organizations=organizations, active=True):
        plan = detail.plan
        first = max(now, since - timedelta(days=plan.ahead_days + 1))
        dues = (due_of(plan, offered) for offered in offers(plan, first, until))
        found += [
            CalendarEntry(
                at=due,
                organization_id=plan.organization_id,
                machine_id=plan.machine_id,
                machine_name=plan.machine_name,
                task_type=plan.task_type,
                priority=plan.priority,
                plan_id=plan.plan_id,
            )
            for due in dues
            if since <= due < until
        ]
    return sorted(found, key=lambda entry: (entry.at, entry.machine_name))


async def _tasks(
    session: AsyncSession, organizations: Sequence[int] | None, since: datetime, until: datetime
) -> list[CalendarEntry]:
    query = (
        select(TechnicianAssignment, RvmMachine.name, User.name)
        .join(RvmMachine, RvmMachine.id == TechnicianAssignment.rvm_machine_id)
        .outerjoin(User, User.id == TechnicianAssignment.assigned_to)
        .where(
            TechnicianAssignment.scheduled_date >= since,
            TechnicianAssignment.scheduled_date < until,
            TechnicianAssignment.status != AssignmentStatus.CANCELLED,
        )
        .order_by(TechnicianAssignment.scheduled_date, TechnicianAssignment.id)
        .limit(MOST)
    )
    if organizations is not None:
        query = query.where(TechnicianAssignment.organization_id.in_(organizations))
    return [
        CalendarEntry(
            at=task.scheduled_date,
            organization_id=task.organization_id,
            machine_id=task.rvm_machine_id,
            machine_name=machine,
            task_type=task.task_type,
            priority=task.priority,
            assignment_id=task.id,
            status=task.status,
            assigned_to=task.assigned_to,
            assigned_to_name=name,
        )
        for task, machine, name in await session.execute(query)
    ]
