"""Making the morning's digests due: once a day each, at the organization's hour (decision 34)."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.deliveries import announce
from domain.chat import SendPriority
from domain.defaults import DIGEST_HOUR
from domain.notices import NOTICES

TEMPLATE = "digest"
AT_ONCE = 100
"""How many readers one transaction takes."""
STILL_MORNING_HOURS = 5.0
"""After an outage that lasts longer than this, the day begins without one."""

_DUE = text(
    """
    with readers as (
      select u.id, (cast(:now as timestamptz) at time zone u.time_zone) as local, (
        select m.organization_id from memberships m
        where m.user_id = u.id and m.is_active order by m.id limit 1
      ) as organization_id
      from users u join telegram_accounts a on a.user_id = u.id and a.blocked_at is null
      where u.is_active and u.deleted_at is null and (u.is_super_admin or exists (
        select from memberships m
        where m.user_id = u.id and m.is_active and m.role in ('super_admin', 'admin', 'operator', 'teknisi')))
    )
    select r.id, r.organization_id, cast(r.local as date) as day
    from readers r
    left join settings s on s.organization_id = r.organization_id and s.key = 'digest_hour'
    cross join lateral (select
      extract(hour from r.local) + extract(minute from r.local) / 60 - coalesce(s.value, :hour) as late) d
    where d.late >= 0 and d.late < :morning
      and not exists (
        select from deliveries d
        where d.source = 'digest-' || cast(r.local as date) and d.user_id = r.id and d.template = :template)
    order by r.id limit :count
    """
)


async def queue_digests(session: AsyncSession, now: datetime) -> int:
    """Make the digests due whose hour has come; return how many. What it says is read when it leaves."""
    given = {"now": now, "hour": DIGEST_HOUR, "morning": STILL_MORNING_HOURS}
    readers = list(await session.execute(_DUE, given | {"template": TEMPLATE, "count": AT_ONCE}))
    for reader in readers:
        await announce(
            session,
            template=TEMPLATE,
            user_id=reader.id,
            organization_id=reader.organization_id,
            source=f"digest-{reader.day}",
            context={},
            loudness=NOTICES[TEMPLATE].loudness,
            priority=SendPriority.DIGEST,
        )
    return len(readers)
