"""Reading what happened to a thing, for its card and ``/why``."""

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import AssignmentEvent
from db.models.core import AuditEvent, User
from db.models.escalations import Escalation
from domain.chat import Thing


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of a thing's story, for ``/why`` and the card's last moves."""

    at: datetime
    action: str
    from_status: str | None
    to_status: str | None
    actor_name: str | None
    cause: str | None
    reason: str | None
    note: str | None
    details: dict[str, Any] = field(default_factory=dict)
    """What else the event holds: an arrival, whom it was offered to, from and to which time."""


async def assignment_story(session: AsyncSession, assignment_id: int, *, limit: int = 50) -> list[EventLine]:
    """Return the last moves of an assignment, oldest first."""
    rows = await session.execute(
        select(AssignmentEvent, User.name)
        .outerjoin(User, User.id == AssignmentEvent.actor_id)
        .where(AssignmentEvent.assignment_id == assignment_id)
        .order_by(AssignmentEvent.id.desc())
        .limit(limit)
    )
    lines = [
        EventLine(
            event.at,
            event.move.value,
            event.from_status.value if event.from_status else None,
            event.to_status.value,
            name,
            event.cause,
            event.reason,
            event.note,
            event.details,
        )
        for event, name in rows
    ]
    return lines[::-1]


async def thing_story(
    session: AsyncSession, thing: str, thing_id: int, *, limit: int = 50
) -> list[EventLine]:
    """Return the last audit events of a thing (``machine``, ``onboarding`` …), oldest first."""
    return await _audited(session, AuditEvent.thing == thing, AuditEvent.thing_id == thing_id, limit=limit)


async def escalation_story(
    session: AsyncSession, owner: Thing, owner_id: int, *, limit: int = 50
) -> list[EventLine]:
    """Return whom the ladders of an owner called and who answered, oldest first.

    A call's line has the audience as its status, the kind as its cause, the names as its note, and as its
    reason those who could not be written to.
    """
    ladders = select(Escalation.id).where(Escalation.owner == owner, Escalation.owner_id == owner_id)
    about = (AuditEvent.thing == Thing.ESCALATION, AuditEvent.thing_id.in_(ladders))
    lines = await _audited(session, *about, limit=limit)
    return [dataclasses.replace(line, action=f"escalation_{line.action}") for line in lines]


async def _audited(session: AsyncSession, *about: ColumnElement[bool], limit: int) -> list[EventLine]:
    rows = await session.execute(
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(*about)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    lines = [
        EventLine(
            event.at,
            event.action,
            event.from_status,
            event.to_status,
            name,
            event.cause,
            event.details.get("reason"),
            event.details.get("note"),
            event.details,
        )
        for event, name in rows
    ]
    return lines[::-1]
