"""When people rest: nothing that can wait reaches them in quiet hours (WORDS 6)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import User
from domain.defaults import QUIET_FROM_HOUR, QUIET_TO_HOUR


async def quiet_until(session: AsyncSession, user_id: int, now: datetime) -> datetime | None:
    """Return when a person's quiet hours end; None when ``now`` lies in none."""
    zone = await session.scalar(select(User.time_zone).where(User.id == user_id))
    return None if zone is None else end_of_quiet(now, zone)


def end_of_quiet(now: datetime, zone: str) -> datetime | None:
    """Return the end of the default quiet hours around ``now``, read on the zone's clock."""
    local = now.astimezone(ZoneInfo(zone))
    if QUIET_TO_HOUR <= local.hour < QUIET_FROM_HOUR:
        return None
    day = local.date() + timedelta(days=local.hour >= QUIET_FROM_HOUR)
    return datetime.combine(day, time(QUIET_TO_HOUR), ZoneInfo(zone)).astimezone(UTC)
