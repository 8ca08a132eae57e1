"""Reading ladders, for their cards and for the answers to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import User
from db.models.escalations import Escalation
from domain.chat import Thing
from domain.escalations import EscalationKind, EscalationStatus, status_of


@dataclass(frozen=True, slots=True)
class EscalationDetail:
    """A ladder as its card shows it."""

    escalation_id: int
    organization_id: int
    owner: Thing
    owner_id: int
    owner_workflow_id: str
    kind: EscalationKind
    status: EscalationStatus
    started_at: datetime
    reached: int
    rungs: int
    called: list[int]
    answered_by: int | None
    answered_name: str | None
    snoozed_until: datetime | None
    ended_at: datetime | None
    version: int


async def escalation_by_id(session: AsyncSession, escalation_id: int) -> EscalationDetail | None:
    """Return a ladder the scope may see."""
    row = (
        await session.execute(
            select(Escalation, User.name)
            .outerjoin(User, User.id == Escalation.answered_by)
            .where(Escalation.id == escalation_id)
        )
    ).one_or_none()
    if row is None:
        return None
    ladder, name = row
    return EscalationDetail(
        escalation_id=ladder.id,
        organization_id=ladder.organization_id,
        owner=ladder.owner,
        owner_id=ladder.owner_id,
        owner_workflow_id=ladder.owner_workflow_id,
        kind=ladder.kind,
        status=status_of(ladder.answer, ended=ladder.ended_at is not None),
        started_at=ladder.started_at,
        reached=ladder.reached,
        rungs=ladder.rungs,
        called=ladder.called,
        answered_by=ladder.answered_by,
        answered_name=name,
        snoozed_until=ladder.snoozed_until,
        ended_at=ladder.ended_at,
        version=ladder.version,
    )
