"""Counting attempts from an origin, or at a thing, within minutes: reports, and codes that are tried."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_ATTEMPT = text(
    """
    with gone as (delete from report_attempts where since < now() - interval '1 hour' and who <> :who)
    insert into report_attempts as known (who, since, attempts) values (:who, now(), 1)
    on conflict (who) do update set
      since = case when known.since < now() - cast(:window as interval) then now() else known.since end,
      attempts = case when known.since < now() - cast(:window as interval) then 1 else known.attempts + 1 end
    returning attempts
    """
)


async def attempts(session: AsyncSession, who: str, window: timedelta) -> int:
    """Count one more attempt and return how many there were since the window of this origin began.

    Called in a transaction of its own, so that what is refused counts too.
    """
    return int(await session.scalar(_ATTEMPT, {"who": who, "window": window}) or 0)
