"""Counting: a person's work, and machines by connection."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment
from db.models.core import MembershipRow, User
from db.models.machines import RvmMachine
from domain.assignments import AssignmentStatus
from domain.machines import Connection


@dataclass(frozen=True, slots=True)
class PersonStatistics:
    """A person's points and how many of their assignments stand where."""

    user_id: int
    name: str
    points_balance: int
    assignments: Mapping[AssignmentStatus, int]


async def statistics_of(session: AsyncSession, user_id: int) -> PersonStatistics | None:
    """Return a person's figures, counting the assignments the scope may see; None for an invisible person."""
    user = await session.scalar(
        select(User).where(
            User.id == user_id,
            User.deleted_at.is_(None),
            select(MembershipRow.id).where(MembershipRow.user_id == user_id).exists(),
        )
    )
    if user is None:
        return None
    rows = await session.execute(
        select(TechnicianAssignment.status, func.count())
        .where(TechnicianAssignment.assigned_to == user_id)
        .group_by(TechnicianAssignment.status)
    )
    counted = {status: int(count) for status, count in rows}
    return PersonStatistics(user.id, user.name, user.points_balance, counted)


async def machines_by_connection(session: AsyncSession) -> dict[Connection, int]:
    """Return how many machines stand where (system scope: all tenants)."""
    rows = await session.execute(
        select(RvmMachine.connection, func.count())
        .where(RvmMachine.deleted_at.is_(None))
        .group_by(RvmMachine.connection)
    )
    counted = {connection: int(count) for connection, count in rows}
    return {connection: counted.get(connection, 0) for connection in Connection}
