"""Reading access and maintenance PINs: who may open which machine now, and who opened it last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import MachineGrant
from db.models.core import User
from db.models.machines import RvmMachine
from db.models.pins import MaintenancePin
from domain.pins import PinOutcome


@dataclass(frozen=True, slots=True)
class OpenableMachine:
    """A machine a person may enter."""

    machine_id: int
    organization_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The last time a machine was opened by PIN; ``name`` is None when nobody was issued that PIN."""

    at: datetime
    name: str | None
    slot: int
    outcome: PinOutcome


def live_grant() -> ColumnElement[bool]:
    """Return what makes a grant count: not withdrawn, not expired (WORDS 4: access is any live row)."""
    return and_(
        MachineGrant.revoked_at.is_(None),
        or_(MachineGrant.expires_at.is_(None), MachineGrant.expires_at > func.now()),
    )


async def openable_machines(session: AsyncSession, user_id: int) -> list[OpenableMachine]:
    """Return the machines to which the person has access, by name."""
    granted = select(MachineGrant.rvm_machine_id).where(MachineGrant.user_id == user_id, live_grant())
    rows = await session.execute(
        select(RvmMachine.id, RvmMachine.organization_id, RvmMachine.name)
        .where(RvmMachine.id.in_(granted), RvmMachine.deleted_at.is_(None))
        .order_by(RvmMachine.name, RvmMachine.id)
    )
    return [OpenableMachine(*row) for row in rows]


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
