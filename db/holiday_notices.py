"""In December a helpdesk's admins are asked to confirm the holidays of the year to come (WORDS 6)."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.deliveries import announce
from db.queries.people import admin_ids
from domain.chat import SendPriority
from domain.defaults import TIME_ZONE
from domain.notices import NOTICES

TEMPLATE = "holidays_due"
AT_ONCE = 20

_DUE = text(
    """
    select o.id, cast(extract(year from l.local) as int) + 1 as year
    from organizations o
    left join business_calendars c on c.organization_id = o.id
    cross join lateral (
      select cast(:now as timestamptz) at time zone coalesce(c.time_zone, :zone) as local) l
    where o.deleted_at is null
      and extract(month from l.local) = 12 and extract(hour from l.local) >= 8
      and coalesce(c.confirmed_year, 0) <= extract(year from l.local)
      and exists (select from tickets t where t.organization_id = o.id)
      and not exists (select from deliveries d
        where d.source = 'holidays-' || o.id || '-' || cast(extract(year from l.local) + 1 as int)
          and d.template = :template)
    order by o.id limit :count
    """
)


async def ask_for_holidays(session: AsyncSession, now: datetime) -> int:
    """Ask the admins of helpdesks in use that have not confirmed the next year; return how many people.

    A helpdesk that nobody answers for stays due and counts for nothing: who repeats this comes to an end.
    """
    given = {"now": now, "zone": TIME_ZONE, "template": TEMPLATE, "count": AT_ONCE}
    asked = 0
    for one in list(await session.execute(_DUE, given)):
        for admin in await admin_ids(session, one.id):
            await announce(
                session,
                template=TEMPLATE,
                user_id=admin,
                organization_id=one.id,
                source=f"holidays-{one.id}-{one.year}",
                context={"organization_id": one.id, "year": one.year},
                loudness=NOTICES[TEMPLATE].loudness,
                priority=SendPriority.DIGEST,
            )
            asked += 1
    return asked
