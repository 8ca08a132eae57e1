"""Reading duty: who may be asked now, and until when an offer stands."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import MembershipRow, User
from db.models.duty import DutyShift, DutySwitch
from domain.duty import Duty, Shift, Switch, after_duty_time


async def on_duty(session: AsyncSession, organization_id: int, at: datetime) -> set[int]:
    """Return the active members of an organization, in any role, who are on duty at a moment."""
    members = await session.scalars(
        select(MembershipRow.user_id)
        .join(User, User.id == MembershipRow.user_id)
        .where(
            MembershipRow.organization_id == organization_id,
            MembershipRow.is_active,
            User.is_active,
            User.deleted_at.is_(None),
        )
    )
    duties = await duties_of(session, organization_id, list(members))
    return {user_id for user_id, duty in duties.items() if duty.on_duty(at)}


async def offer_due_at(
    session: AsyncSession, organization_id: int, user_ids: Collection[int], now: datetime, stands_s: float
) -> datetime:
    """Return when ``stands_s`` seconds of duty time of at least one of the people have passed (WORDS 6).

    When none of them is on duty within 14 days, or nobody is given, the seconds pass as they are.
    """
    duties = await duties_of(session, organization_id, user_ids)
    return after_duty_time(duties.values(), now, stands_s)


async def duties_of(
    session: AsyncSession, organization_id: int, user_ids: Collection[int]
) -> dict[int, Duty]:
    """Return what says when each of the people is on duty in an organization."""
    wanted = list(user_ids)
    shifts: dict[int, list[Shift]] = {}
    for row in await session.scalars(
        select(DutyShift)
        .where(DutyShift.organization_id == organization_id, DutyShift.user_id.in_(wanted))
        .order_by(DutyShift.weekday, DutyShift.starts_minute)
    ):
        shifts.setdefault(row.user_id, []).append(Shift(row.weekday, row.starts_minute, row.ends_minute))
    people = await session.execute(
        select(User.id, User.time_zone, DutySwitch.is_on, DutySwitch.since, DutySwitch.until)
        .outerjoin(
            DutySwitch, (DutySwitch.user_id == User.id) & (DutySwitch.organization_id == organization_id)
        )
        .where(User.id.in_(wanted))
    )
    return {
        person.id: Duty(
            person.time_zone,
            tuple(shifts.get(person.id, ())),
            None if person.is_on is None else Switch(person.is_on, person.since, person.until),
        )
        for person in people
    }
