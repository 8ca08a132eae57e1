"""How long attachments are kept after a ticket was closed: each organization says so (WORDS 5).

A closed ticket's life is over, so no workflow is asked; the line in its timeline says what was removed.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.forgotten_files import release
from db.models.helpdesk import TicketActivity
from domain.defaults import SETTINGS, TIME_ZONE
from domain.tickets import TicketMove, TicketStatus

SETTING, CAUSE = "ticket_files_days", "retention"
NIGHT_HOUR = 2
"""The hour of the night in which it is looked for: what is missed waits for the next night."""
AT_ONCE = 50

_EXPIRED = text(
    """
    with due as (
      select t.id from tickets t
      left join settings s on s.organization_id = t.organization_id and s.key = :setting
      where t.closed_at
          < cast(:now as timestamptz) - make_interval(days => cast(coalesce(s.value, :days) as int))
        and exists (select from ticket_attachments a where a.ticket_id = t.id and a.file_id is not null)
      order by t.id limit :count
    ), kept as (
      select a.id, a.file_id from ticket_attachments a join due on due.id = a.ticket_id
      where a.file_id is not null for update of a
    )
    update ticket_attachments a set file_id = null, removed_at = :now from kept, tickets t
    where a.id = kept.id and t.id = a.ticket_id
    returning a.ticket_id, t.organization_id, t.pharmacy_id, kept.file_id
    """
)


async def expire_attachments(session: AsyncSession, now: datetime) -> int:
    """Remove what is kept no longer, at night only; return how many of some tickets had any."""
    if now.astimezone(ZoneInfo(TIME_ZONE)).hour != NIGHT_HOUR:
        return 0
    given = {"setting": SETTING, "days": SETTINGS[SETTING], "now": now, "count": AT_ONCE}
    rows = list(await session.execute(_EXPIRED, given))
    tickets = {row.ticket_id: row for row in rows}
    for ticket_id, row in tickets.items():
        await session.execute(
            insert(TicketActivity)
            .values(
                organization_id=row.organization_id,
                pharmacy_id=row.pharmacy_id,
                ticket_id=ticket_id,
                source=f"{CAUSE}-{now.isoformat()}",
                move=TicketMove.DETACH,
                from_status=TicketStatus.CLOSED,
                to_status=TicketStatus.CLOSED,
                cause=CAUSE,
                details={"removed": sum(one.ticket_id == ticket_id for one in rows)},
                at=now,
            )
            .on_conflict_do_nothing()
        )
    await release(session, {row.file_id for row in rows})
    return len(tickets)
