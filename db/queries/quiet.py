"""Reading quiet hours: a person's own, else the organization's, else those of WORDS 6."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import MembershipRow, User
from db.models.duty import DutyShift, DutySwitch, QuietTime
from db.queries.duty import duties_of
from db.queries.settings import settings
from domain.defaults import SETTINGS
from domain.quiet import QuietHours


@dataclass(frozen=True, slots=True)
class Quiet:
    """A person's quiet hours in their zone (IANA name); ``own``: set by themselves."""

    hours: QuietHours
    zone: str
    own: bool


async def quiet_of(session: AsyncSession, user_id: int) -> Quiet:
    """Return the quiet hours that hold for a person (system scope).

    The organization is the one they joined first. Raises ``NoResultFound`` for nobody.
    """
    zone, starts, ends, organization_id = (
        await session.execute(
            select(
                User.time_zone,
                QuietTime.starts_minute,
                QuietTime.ends_minute,
                select(MembershipRow.organization_id)
                .where(MembershipRow.user_id == User.id, MembershipRow.is_active)
                .order_by(MembershipRow.id)
                .limit(1)
                .scalar_subquery(),
            )
            .outerjoin(QuietTime, QuietTime.user_id == User.id)
            .where(User.id == user_id)
        )
    ).one()
    if starts is not None:
        return Quiet(QuietHours(starts, ends), zone, own=True)
    values = SETTINGS if organization_id is None else await settings(session, organization_id)
    hours = QuietHours(round(values["quiet_from_hour"] * 60), round(values["quiet_to_hour"] * 60))
    return Quiet(hours, zone, own=False)


async def quiet_until(session: AsyncSession, user_id: int, now: datetime) -> datetime | None:
    """Return when the quiet hours that a person has now end; None: it is not quiet (system scope).

    Who works, by a shift or by the switch, is not asleep: quiet hours end where duty begins.
    """
    quiet = await quiet_of(session, user_id)
    until = quiet.hours.until(now, quiet.zone)
    if until is None:
        return None
    for organization_id in await _organizations_with_hours(session, user_id):
        duty = (await duties_of(session, organization_id, [user_id]))[user_id]
        if not duty.shifts and (duty.switch is None or not duty.switch.on):
            continue
        if duty.on_duty(now):
            return None
        begins = duty.changes_at(now)
        until = until if begins is None else min(until, begins)
    return until


async def _organizations_with_hours(session: AsyncSession, user_id: int) -> list[int]:
    """Return the organizations in which a member has shifts or has said something by hand."""
    said = select(DutySwitch.organization_id).where(DutySwitch.user_id == user_id)
    found = await session.scalars(
        select(DutyShift.organization_id).where(DutyShift.user_id == user_id).union(said)
    )
    return list(found)
