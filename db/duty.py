"""Writing duty and quiet hours. No workflow stands behind them: they only say who is asked, and when."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.duty import DutyShift, DutySwitch, QuietTime
from db.queries.duty import duties_of
from domain.duty import Duty, Shift, Switch
from domain.quiet import QuietHours


async def set_shifts(
    session: AsyncSession, user_id: int, organization_id: int, shifts: Collection[Shift], now: datetime
) -> Duty:
    """Replace a member's week; no shifts: always on duty. A switch that stands lasts as the new week says."""
    before = (await duties_of(session, organization_id, [user_id]))[user_id]
    await session.execute(
        delete(DutyShift).where(DutyShift.user_id == user_id, DutyShift.organization_id == organization_id)
    )
    if shifts:
        rows = [
            {
                "user_id": user_id,
                "organization_id": organization_id,
                "weekday": shift.weekday,
                "starts_minute": shift.starts_minute,
                "ends_minute": shift.ends_minute,
            }
            for shift in sorted(shifts)
        ]
        await session.execute(insert(DutyShift).values(rows))
    said = before.switch
    if said is None or (said.until is not None and said.until <= now):
        return (await duties_of(session, organization_id, [user_id]))[user_id]
    if said.until is not None and before.switched(said.since, on=said.on) != said:
        return (await duties_of(session, organization_id, [user_id]))[user_id]  # until a moment of their own
    return await switch_duty(session, user_id, organization_id, on=said.on, now=now)


async def switch_duty(  # noqa: PLR0913 - who, where, what and how long
    session: AsyncSession,
    user_id: int,
    organization_id: int,
    *,
    on: bool,
    now: datetime,
    until: datetime | None = None,
) -> Duty:
    """Put a member on or off duty by hand; return what holds then.

    It lasts until a moment they name, else as long as ``Duty.switched`` says.
    """
    duty = (await duties_of(session, organization_id, [user_id]))[user_id]
    switch = duty.switched(now, on=on) if until is None else Switch(on, now, until)
    if switch is None:
        await session.execute(
            delete(DutySwitch).where(
                DutySwitch.user_id == user_id, DutySwitch.organization_id == organization_id
            )
        )
    else:
        said = {"is_on": switch.on, "since": switch.since, "until": switch.until}
        await session.execute(
            insert(DutySwitch)
            .values(user_id=user_id, organization_id=organization_id, **said)
            .on_conflict_do_update(index_elements=[DutySwitch.user_id, DutySwitch.organization_id], set_=said)
        )
    return Duty(duty.zone, duty.shifts, switch)


async def set_quiet(session: AsyncSession, user_id: int, hours: QuietHours | None) -> None:
    """Set a person's own quiet hours; None: the organization's hold again."""
    if hours is None:
        await session.execute(delete(QuietTime).where(QuietTime.user_id == user_id))
        return
    own = {"starts_minute": hours.starts_minute, "ends_minute": hours.ends_minute}
    await session.execute(
        insert(QuietTime)
        .values(user_id=user_id, **own)
        .on_conflict_do_update(index_elements=[QuietTime.user_id], set_=own)
    )
