"""Rows whose workflow is gone."""

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment
from db.models.machines import LostRun, RvmMachine
from domain import ids
from domain.assignments import OPEN_STATUSES, AssignmentStatus
from domain.chat import Thing
from domain.onboarding import OPEN_STEPS

_SETTLED = text("now() - interval '1 minute'")


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row that should have a running workflow; settled when it is at rest for a minute."""

    workflow_id: str
    thing: Thing
    thing_id: int
    organization_id: int
    is_settled: bool


async def open_rows(session: AsyncSession) -> list[OpenRow]:
    """Return open assignments, onboardings and living machines."""
    task, machine = TechnicianAssignment, RvmMachine
    tasks = await session.execute(
        select(task.id, task.organization_id, task.updated_at < _SETTLED).where(
            task.status.in_(OPEN_STATUSES)
            # A completion that has not settled can be undone, and has told nobody yet.
            | ((task.status == AssignmentStatus.COMPLETED) & task.settled_at.is_(None))
        )
    )
    rows = [OpenRow(ids.assignment_id(row[0]), Thing.ASSIGNMENT, *row) for row in tasks]
    machines = await session.execute(
        select(
            machine.uuid,
            machine.onboarding_step,
            machine.id,
            machine.organization_id,
            machine.updated_at < _SETTLED,
        ).where(machine.deleted_at.is_(None))
    )
    for uuid, step, number, owner, is_settled in machines:
        rows.append(OpenRow(ids.machine_id(uuid), Thing.MACHINE, number, owner, is_settled))
        if step in OPEN_STEPS:
            rows.append(OpenRow(ids.onboarding_id(uuid), Thing.ONBOARDING, number, owner, is_settled))
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


async def resolve(session: AsyncSession, running: set[str], still_open: set[str]) -> list[int]:
    """Close entries whose workflow runs again or whose row is no longer open; return their numbers."""
    known = await session.scalars(select(LostRun).where(LostRun.resolved_at.is_(None)).with_for_update())
    resolved = []
    for entry in known:
        if entry.workflow_id in running or entry.workflow_id not in still_open:
            entry.resolution = "running" if entry.workflow_id in running else "closed"
            entry.resolved_at = func.now()
            resolved.append(entry.id)
    await session.flush()
    return resolved
