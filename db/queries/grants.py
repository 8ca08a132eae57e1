"""Reading who may enter which machine: access is any live grant (WORDS 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import MachineGrant
from db.models.assignments import TechnicianAssignment
from db.models.core import User
from db.models.machines import RvmMachine
from db.queries.machines import MachineDetail, machines_by_ids
from db.queries.offers import is_asked
from domain.access import GrantSource
from domain.assignments import OPEN_STATUSES


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A person's access to a machine, as it can be taken back; ``expires_at`` None: until then."""

    grant_id: int
    organization_id: int
    user_id: int
    user_name: str
    machine_id: int
    machine_name: str
    expires_at: datetime | None
    source: GrantSource
    assignment_id: int | None
    """The task that brought it."""
    assigned_at: datetime


def is_live() -> ColumnElement[bool]:
    """Return the condition of a grant that holds now."""
    unexpired = or_(MachineGrant.expires_at.is_(None), MachineGrant.expires_at > func.now())
    return MachineGrant.revoked_at.is_(None) & unexpired


async def machines_to_enter(session: AsyncSession, user_id: int) -> list[MachineDetail]:
    """Return the machines a person may enter now, by name."""
    held = select(MachineGrant.rvm_machine_id).where(MachineGrant.user_id == user_id, is_live())
    return await machines_by_ids(session, held)


async def list_machines_of_technician(session: AsyncSession, user_id: int) -> list[MachineDetail]:
    """Return the machines a technician may enter or has open work at (WORDS 1: granted or assigned only)."""
    held = select(TechnicianAssignment.rvm_machine_id).where(
        or_(TechnicianAssignment.assigned_to == user_id, is_asked(user_id)),
        TechnicianAssignment.status.in_(OPEN_STATUSES),
    )
    granted = select(MachineGrant.rvm_machine_id).where(MachineGrant.user_id == user_id, is_live())
    return await machines_by_ids(session, held.union(granted))


async def may_enter(session: AsyncSession, user_id: int, machine_id: int) -> bool:
    """Return whether a person may enter a machine now."""
    held = select(MachineGrant.id).where(
        MachineGrant.user_id == user_id, MachineGrant.rvm_machine_id == machine_id, is_live()
    )
    return await session.scalar(held.limit(1)) is not None


async def grants_by_hand(session: AsyncSession, organization_id: int, search: str = "") -> list[GrantRow]:
    """Return the live grants that were given by hand in an organization, by person, then machine."""
    query = _live().where(
        MachineGrant.organization_id == organization_id, MachineGrant.source == GrantSource.MANUAL
    )
    if search:
        query = query.where(
            User.name.icontains(search, autoescape=True) | RvmMachine.name.icontains(search, autoescape=True)
        )
    return [_row(row) for row in await session.execute(query)]


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """What a list of live grants is narrowed to."""

    organizations: Sequence[int]
    machine_id: int | None = None
    user_id: int | None = None


async def live_grants(
    session: AsyncSession, wanted: GrantFilter, *, limit: int = 50, offset: int = 0
) -> list[GrantRow]:
    """Return who may enter what now, by hand or by a task, by person, then machine."""
    rows = await session.execute(_narrowed(_live(), wanted).limit(limit).offset(offset))
    return [_row(row) for row in rows]


async def count_live_grants(session: AsyncSession, wanted: GrantFilter) -> int:
    """Return how many grants ``live_grants`` pages through."""
    query = _narrowed(select(func.count()).select_from(MachineGrant).where(is_live()), wanted)
    return int(await session.scalar(query) or 0)


async def grant_by_id(session: AsyncSession, grant_id: int) -> GrantRow | None:
    """Return a grant that the scope may see, live or over."""
    row = (await session.execute(_query().where(MachineGrant.id == grant_id))).one_or_none()
    return None if row is None else _row(row)


async def grant_by_hand(session: AsyncSession, user_id: int, machine_id: int) -> GrantRow | None:
    """Return the live grant that a person was given for a machine by hand; at most one is."""
    query = _live().where(
        MachineGrant.user_id == user_id,
        MachineGrant.rvm_machine_id == machine_id,
        MachineGrant.source == GrantSource.MANUAL,
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else _row(row)


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(MachineGrant, User.name, RvmMachine.name)
        .join(User, User.id == MachineGrant.user_id)
        .join(RvmMachine, RvmMachine.id == MachineGrant.rvm_machine_id)
    )


def _live() -> Select[*tuple[Any, ...]]:
    return _query().where(is_live()).order_by(User.name, RvmMachine.name, MachineGrant.id)


def _narrowed(query: Select[*tuple[Any, ...]], wanted: GrantFilter) -> Select[*tuple[Any, ...]]:
    query = query.where(MachineGrant.organization_id.in_(wanted.organizations))
    if wanted.machine_id is not None:
        query = query.where(MachineGrant.rvm_machine_id == wanted.machine_id)
    if wanted.user_id is not None:
        query = query.where(MachineGrant.user_id == wanted.user_id)
    return query


def _row(row: Row[*tuple[Any, ...]]) -> GrantRow:
    grant, person, machine = row
    return GrantRow(
        grant.id,
        grant.organization_id,
        grant.user_id,
        person,
        grant.rvm_machine_id,
        machine,
        grant.expires_at,
        grant.source,
        grant.assignment_id,
        grant.assigned_at,
    )
