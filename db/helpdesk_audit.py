"""Who changed what of a helpdesk's master data; the same source twice is one change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import AuditEvent


@dataclass(frozen=True, slots=True)
class By:
    """Whose wish it is, and the source it came by."""

    actor_id: int
    source: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to what."""

    organization_id: int
    thing: str
    thing_id: int
    action: str
    details: Mapping[str, Any] = field(default_factory=dict)


async def note_once(session: AsyncSession, deed: Deed, by: By) -> bool:
    """Write what is done; return False when this source did it before."""
    made = await session.scalar(
        insert(AuditEvent)
        .values(
            organization_id=deed.organization_id,
            thing=deed.thing,
            thing_id=deed.thing_id,
            source=by.source,
            action=deed.action,
            actor_id=by.actor_id,
            details=dict(deed.details),
            at=func.now(),
        )
        .on_conflict_do_nothing()
        .returning(AuditEvent.id)
    )
    return made is not None
