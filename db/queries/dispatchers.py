"""Who dispatches a task: who assigned it, whoever took over, else the admins on duty (WORDS 1)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.assignments import TechnicianAssignment
from db.models.team import HandoverRow
from db.queries.duty import on_duty
from db.queries.people import admin_ids, person_by_id
from domain.handovers import Handover, successor
from domain.roles import Permission


async def dispatchers_of(session: AsyncSession, assignment_id: int, at: datetime) -> list[int]:
    """Return who hears of a task and chooses again, at a moment (system scope)."""
    assigned_by, organization_id, created_at = (
        await session.execute(
            select(
                TechnicianAssignment.assigned_by,
                TechnicianAssignment.organization_id,
                TechnicianAssignment.created_at,
            ).where(TechnicianAssignment.id == assignment_id)
        )
    ).one()
    return await in_place_of(session, assigned_by, created_at, organization_id=organization_id, at=at)


async def in_place_of(
    session: AsyncSession, user_id: int, since: datetime, *, organization_id: int, at: datetime
) -> list[int]:
    """Return who dispatches at a moment what somebody made earlier (system scope).

    That is whoever made it or took over from them, while they may; else the admins who are on duty; when none
    of them is, all admins.
    """
    dispatcher = successor(await handovers(session, organization_id), user_id, since)
    known = await person_by_id(session, dispatcher)
    if known and known.is_active and known.person.may(Permission.MANAGE_ASSIGNMENTS, organization_id):
        return [dispatcher]
    return await admins_on_duty(session, organization_id, at)


async def admins_on_duty(session: AsyncSession, organization_id: int, at: datetime) -> list[int]:
    """Return the admins of an organization who are on duty; when none of them is, all admins."""
    admins = await admin_ids(session, organization_id)
    working = await on_duty(session, organization_id, at)
    return [admin for admin in admins if admin in working] or admins


async def handovers(session: AsyncSession, organization_id: int) -> list[Handover]:
    """Return an organization's handovers, oldest first."""
    rows = await session.execute(
        select(HandoverRow.from_user_id, HandoverRow.to_user_id, HandoverRow.at)
        .where(HandoverRow.organization_id == organization_id)
        .order_by(HandoverRow.id)
    )
    return [Handover(*row) for row in rows]
