"""Writing what happened to a thing, once per source."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import AuditEvent

# Made once and given values when run: to make an INSERT of values takes longer than to run it.
_EVENTS = cast("Table", AuditEvent.__table__)
_ONCE = insert(_EVENTS).on_conflict_do_nothing().returning(_EVENTS.c.id)


async def audit(  # noqa: PLR0913 - each is a column of the event
    session: AsyncSession,
    *,
    organization_id: int,
    thing: str,
    thing_id: int,
    source: str,
    action: str,
    at: datetime,
    from_status: str = "",
    to_status: str = "",
    actor_id: int | None = None,
    cause: str = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> bool:
    """Write the event; return False when this source was written before."""
    made = await session.scalar(
        _ONCE,
        {
            "organization_id": organization_id,
            "thing": thing,
            "thing_id": thing_id,
            "source": source,
            "action": action,
            "from_status": from_status or None,
            "to_status": to_status or None,
            "actor_id": actor_id,
            "cause": cause or None,
            "details": {**(details or {}), **({"reason": reason} if reason else {})},
            "at": at,
        },
    )
    return made is not None
