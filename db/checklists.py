"""Steps and answers of checklists as columns hold them, and writing an organization's own.

No workflow stands behind a checklist: a task that runs keeps the steps it began with.
"""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import Checklist
from db.models.core import AuditEvent
from domain.assignments import TaskType
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind

Stored = list[dict[str, Any]]


def stored(entries: Sequence[ChecklistItem | ChecklistAnswer]) -> Stored:
    """Return steps or answers as JSON."""
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in dataclasses.asdict(entry).items()
        }
        for entry in entries
    ]


def items_from(column: Stored) -> list[ChecklistItem]:
    """Return the steps of a column."""
    return [ChecklistItem(**entry | {"kind": ItemKind(entry["kind"])}) for entry in column]


def answers_from(column: Stored) -> list[ChecklistAnswer]:
    """Return the answers of a column."""
    return [
        ChecklistAnswer(
            **entry
            | {
                "outcome": CheckOutcome(entry["outcome"]),
                "at": datetime.fromisoformat(entry["at"]) if entry["at"] else None,
            }
        )
        for entry in column
    ]


def described(item: ChecklistItem, answer: ChecklistAnswer, language: str | None) -> str:
    """Return a step and what was found, as a task's description names it."""
    label = item.label_en if language == "en" else item.label_id
    value = "" if answer.number is None else f"{answer.number:g} {item.unit}"
    found = ", ".join(part for part in (value.strip(), answer.text.strip()) if part)
    return f"{label} ({found})" if found else label


async def save_checklist(  # noqa: PLR0913 - what is saved, for whom, and who did it
    session: AsyncSession,
    *,
    organization_id: int,
    task_type: TaskType,
    items: Sequence[ChecklistItem],
    actor_id: int,
    source: str,
) -> None:
    """Make these steps the organization's own; none: its tasks of this type have no checklist."""
    checklist_id = await session.scalar(
        insert(Checklist)
        .values(organization_id=organization_id, task_type=task_type, items=stored(items))
        .on_conflict_do_update(
            index_elements=[Checklist.organization_id, Checklist.task_type],
            set_={"items": stored(items), "updated_at": func.now()},
        )
        .returning(Checklist.id)
    )
    await session.execute(
        insert(AuditEvent)
        .values(
            organization_id=organization_id,
            thing="checklist_of_type",
            thing_id=checklist_id,
            source=source,
            action="change",
            actor_id=actor_id,
            details={"items": stored(items)},
            at=func.now(),
        )
        .on_conflict_do_nothing()
    )
