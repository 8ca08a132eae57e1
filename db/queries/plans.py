"""Reading maintenance plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.models.assignments import TechnicianAssignment
from db.models.core import User
from db.models.machines import RvmMachine
from db.models.plans import MaintenancePlan
from domain.assignments import AssignmentStatus, TaskType
from domain.plans import Plan, PlanAsks, Rule
from domain.priorities import Priority

_CREATOR = aliased(User)


@dataclass(frozen=True, slots=True)
class PlanDetail:
    """A plan as its card, lists and the API show it."""

    plan_id: int
    organization_id: int
    machine_id: int
    machine_name: str
    machine_time_zone: str
    task_type: TaskType
    priority: Priority
    rule: Rule
    at: time
    ahead_days: int
    asks: PlanAsks
    people: list[int]
    people_names: list[str]
    description: str
    expected_minutes: int | None
    active: bool
    created_by: int
    created_by_name: str
    last_assignment_id: int | None
    last_status: AssignmentStatus | None
    last_run_at: datetime | None
    version: int
    created_at: datetime

    @property
    def plan(self) -> Plan:
        """What calendar and Schedule are computed from."""
        return Plan(
            plan_id=self.plan_id,
            organization_id=self.organization_id,
            machine_id=self.machine_id,
            machine_name=self.machine_name,
            task_type=self.task_type,
            priority=self.priority,
            rule=self.rule,
            at=self.at,
            zone=self.machine_time_zone,
            ahead_days=self.ahead_days,
            version=self.version,
        )


def _query() -> Select[*tuple[Any, ...]]:
    names = (
        select(func.coalesce(func.array_agg(User.name), []))
        .where(MaintenancePlan.people.contains(func.to_jsonb(User.id)))
        .correlate(MaintenancePlan)
        .scalar_subquery()
    )
    return (
        select(MaintenancePlan, RvmMachine, _CREATOR.name, TechnicianAssignment.status, names)
        .join(RvmMachine, RvmMachine.id == MaintenancePlan.rvm_machine_id)
        .join(_CREATOR, _CREATOR.id == MaintenancePlan.created_by)
        .outerjoin(TechnicianAssignment, TechnicianAssignment.id == MaintenancePlan.last_assignment_id)
        .where(MaintenancePlan.deleted_at.is_(None))
    )


def _detail(row: Any) -> PlanDetail:  # noqa: ANN401 - a row of _query
    plan, machine, creator, last_status, names = row
    return PlanDetail(
        plan_id=plan.id,
        organization_id=plan.organization_id,
        machine_id=machine.id,
        machine_name=machine.name,
        machine_time_zone=machine.time_zone,
        task_type=plan.task_type,
        priority=plan.priority,
        rule=Rule(plan.rule, plan.starts_on, plan.every_days, tuple(plan.weekdays), plan.month_day, plan.nth),
        at=plan.time_of_day,
        ahead_days=plan.ahead_days,
        asks=plan.asks,
        people=plan.people,
        people_names=sorted(names),
        description=plan.description,
        expected_minutes=plan.expected_minutes,
        active=plan.active,
        created_by=plan.created_by,
        created_by_name=creator,
        last_assignment_id=plan.last_assignment_id,
        last_status=last_status,
        last_run_at=plan.last_run_at,
        version=plan.version,
        created_at=plan.created_at,
    )


async def plan_by_id(session: AsyncSession, plan_id: int) -> PlanDetail | None:
    """Return a plan the scope may see, unless it was deleted."""
    row = (await session.execute(_query().where(MaintenancePlan.id == plan_id))).one_or_none()
    return None if row is None else _detail(row)


async def list_plans(  # noqa: PLR0913 - each is one filter of the list
    session: AsyncSession,
    *,
    organizations: Sequence[int] | None = None,
    machine_id: int | None = None,
    active: bool | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[PlanDetail]:
    """Return plans by machine and number; without a limit all."""
    query = _filtered(_query(), organizations, machine_id, active=active)
    rows = await session.execute(
        query.order_by(RvmMachine.name, MaintenancePlan.id).limit(limit).offset(offset)
    )
    return [_detail(row) for row in rows]


async def count_plans(
    session: AsyncSession,
    *,
    organizations: Sequence[int] | None = None,
    machine_id: int | None = None,
    active: bool | None = None,
) -> int:
    """Return how many plans ``list_plans`` pages through."""
    query = select(func.count()).select_from(MaintenancePlan).where(MaintenancePlan.deleted_at.is_(None))
    return int(await session.scalar(_filtered(query, organizations, machine_id, active=active)) or 0)


def _filtered(
    query: Select[*tuple[Any, ...]],
    organizations: Sequence[int] | None,
    machine_id: int | None,
    *,
    active: bool | None,
) -> Select[*tuple[Any, ...]]:
    if organizations is not None:
        query = query.where(MaintenancePlan.organization_id.in_(organizations))
    if machine_id is not None:
        query = query.where(MaintenancePlan.rvm_machine_id == machine_id)
    if active is not None:
        query = query.where(MaintenancePlan.active == active)
    return query
