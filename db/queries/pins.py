"""Reading maintenance PINs: who opened a machine last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import User
from db.models.pins import MaintenancePin
from domain.pins import PinOutcome


@dataclass(frozen=True, slots=True)
class Opening:
    """The last time a machine was opened by PIN; ``name`` is None when nobody was issued that PIN."""

    at: datetime
    name: str | None
    slot: int
    outcome: PinOutcome


async def last_opening(session: AsyncSession, machine_id: int) -> Opening | None:
    """Return who opened the machine last by PIN, and when."""
    query = (
        select(MaintenancePin, User.name)
        .outerjoin(User, User.id == MaintenancePin.user_id)
        .where(MaintenancePin.rvm_machine_id == machine_id, MaintenancePin.used_at.is_not(None))
        .order_by(MaintenancePin.used_at.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    pin, name = row
    return None if pin.used_at is None else Opening(pin.used_at, name, pin.slot, pin.outcome)
