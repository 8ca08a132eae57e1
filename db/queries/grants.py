"""Reading who may enter which machine: access is any live grant (WORDS 4)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import MachineGrant
from db.models.core import User
from db.models.machines import RvmMachine
from db.queries.machines import MachineDetail, machines_by_ids
from domain.access import GrantSource


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Access given by hand, as it can be taken back; ``expires_at`` None: until then."""

    grant_id: int
    organization_id: int
    user_id: int
    user_name: str
    machine_id: int
    machine_name: str
    expires_at: datetime | None


def is_live() -> ColumnElement[bool]:
    """Return the condition of a grant that holds now."""
    unexpired = or_(MachineGrant.expires_at.is_(None), MachineGrant.expires_at > func.now())
    return MachineGrant.revoked_at.is_(None) & unexpired


async def machines_to_enter(session: AsyncSession, user_id: int) -> list[MachineDetail]:
    """Return the machines a person may enter now, by name."""
    held = select(MachineGrant.rvm_machine_id).where(MachineGrant.user_id == user_id, is_live())
    return await machines_by_ids(session, held)


async def may_enter(session: AsyncSession, user_id: int, machine_id: int) -> bool:
    """Return whether a person may enter a machine now."""
    held = select(MachineGrant.id).where(
        MachineGrant.user_id == user_id, MachineGrant.rvm_machine_id == machine_id, is_live()
    )
    return await session.scalar(held.limit(1)) is not None


async def people_with_access(session: AsyncSession, machine_id: int) -> set[int]:
    """Return the ids of everybody who may enter a machine now."""
    held = select(MachineGrant.user_id).where(MachineGrant.rvm_machine_id == machine_id, is_live())
    return set(await session.scalars(held))


async def grants_by_hand(session: AsyncSession, organization_id: int, search: str = "") -> list[GrantRow]:
    """Return the live grants that were given by hand in an organization, by person, then machine."""
    query = (
        select(MachineGrant, User.name, RvmMachine.name)
        .join(User, User.id == MachineGrant.user_id)
        .join(RvmMachine, RvmMachine.id == MachineGrant.rvm_machine_id)
        .where(
            MachineGrant.organization_id == organization_id,
            MachineGrant.source == GrantSource.MANUAL,
            is_live(),
        )
        .order_by(User.name, RvmMachine.name, MachineGrant.id)
    )
    if search:
        query = query.where(
            User.name.icontains(search, autoescape=True) | RvmMachine.name.icontains(search, autoescape=True)
        )
    return [
        GrantRow(
            grant.id,
            grant.organization_id,
            grant.user_id,
            person,
            grant.rvm_machine_id,
            machine,
            grant.expires_at,
        )
        for grant, person, machine in await session.execute(query)
    ]
