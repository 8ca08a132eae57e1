"""Reading checklists: an organization's own, else the one that holds for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.checklists import items_from
from db.models.assignments import Checklist
from domain.assignments import TaskType
from domain.checklists import ChecklistItem


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """The steps of a task type in an organization; ``own``: it has its own."""

    task_type: TaskType
    items: list[ChecklistItem]
    own: bool
    updated_at: datetime | None


async def checklists_of(
    session: AsyncSession, organization_id: int, task_types: Sequence[TaskType] = tuple(TaskType)
) -> list[ChecklistRow]:
    """Return the checklist that holds for each of the task types."""
    rows = await session.scalars(
        select(Checklist)
        .where(
            Checklist.task_type.in_(task_types),
            or_(Checklist.organization_id == organization_id, Checklist.organization_id.is_(None)),
        )
        .order_by(Checklist.organization_id.nulls_first())
    )
    # An organization's own comes last, so it is what is kept.
    held = {row.task_type: row for row in rows}
    return [
        ChecklistRow(
            task_type,
            items_from(held[task_type].items) if task_type in held else [],
            own=task_type in held and held[task_type].organization_id is not None,
            updated_at=held[task_type].updated_at if task_type in held else None,
        )
        for task_type in task_types
    ]
