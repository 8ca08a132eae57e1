"""Rows whose workflow is gone."""

from dataclasses import dataclass

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment
from db.models.machines import LostRun, RvmMachine
from domain import ids
from domain.assignments import OPEN_STATUSES
from domain.chat import Thing
from domain.onboarding import OPEN_STEPS

_SETTLED = text("now() - interval '1 minute'")


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row that should have a running workflow."""

    workflow_id: str
    thing: Thing
    thing_id: int
    organization_id: int


async def open_rows(session: AsyncSession) -> list[OpenRow]:
    """Return open assignments, onboardings and living machines that are at rest for a minute."""
    tasks = await session.execute(
        select(TechnicianAssignment.id, TechnicianAssignment.organization_id).where(
            TechnicianAssignment.status.in_(OPEN_STATUSES), TechnicianAssignment.updated_at < _SETTLED
        )
    )
    rows = [OpenRow(ids.assignment_id(number), Thing.ASSIGNMENT, number, owner) for number, owner in tasks]
    machines = await session.execute(
        select(RvmMachine.id, RvmMachine.uuid, RvmMachine.organization_id, RvmMachine.onboarding_step).where(
            RvmMachine.deleted_at.is_(None), RvmMachine.updated_at < _SETTLED
        )
    )
    for number, uuid, owner, step in machines:
        rows.append(OpenRow(ids.machine_id(uuid), Thing.MACHINE, number, owner))
        if step in OPEN_STEPS:
            rows.append(OpenRow(ids.onboarding_id(uuid), Thing.ONBOARDING, number, owner))
    return rows


async def record(session: AsyncSession, row: OpenRow) -> int | None:
    """Remember a lost run; return its number, or None when it is known already."""
    return await session.scalar(
        insert(LostRun)
        .values(
            organization_id=row.organization_id,
            workflow_id=row.workflow_id,
            thing=row.thing,
            thing_id=row.thing_id,
        )
        .on_conflict_do_nothing()
        .returning(LostRun.id)
    )


async def resolve_running(session: AsyncSession, running: set[str]) -> None:
    """Close entries whose workflow runs again."""
    await session.execute(
        update(LostRun)
        .where(LostRun.resolved_at.is_(None), LostRun.workflow_id.in_(running))
        .values(resolved_at=func.now(), resolution="running")
    )


