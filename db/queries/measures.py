"""The measures of seed 002, counted from rows, so that they survive restarts and add up over replicas.

A rate is None while there is nothing to count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.files import PHOTO_REFUSED
from domain.chat import SendPriority

_MEASURES = text(
    """
    with mine as (select cast(:organizations as bigint[]) as ids)
    select photos.kept, photos.refused, tasks.asked, tasks.made, sends.sent, sends.failed,
      done.tasks as completed, done.work_minutes, done.lead_minutes, said.answers, said.questions, said.stars
    from mine,
    lateral (
      select
        (select count(*) from assignment_photos p
         where p.created_at >= :begin and p.created_at < :end
           and (mine.ids is null or p.organization_id = any(mine.ids))) as kept,
        (select count(*) from audit_events e
         where e.at >= :begin and e.at < :end and e.action = :refused
           and (mine.ids is null or e.organization_id = any(mine.ids))) as refused
    ) photos,
    lateral (
      select count(*) as asked, count(t.id) as made
      from numbers n left join technician_assignments t on t.id = n.number
      where n.kind = 'assignment' and n.created_at >= :begin and n.created_at < :end
        -- A workflow that has just begun writes its row in a moment.
        and (t.id is not null or n.created_at < clock_timestamp() - interval '5 min')
        and (mine.ids is null or n.organization_id = any(mine.ids))
    ) tasks,
    lateral (
      select count(*) filter (where d.state = 'sent') as sent,
        count(*) filter (where d.state in ('failed', 'uncertain')) as failed
      from deliveries d
      where d.created_at >= :begin and d.created_at < :end and d.user_id is not null
        and d.loudness <> 'edit' and d.priority <> :reply
        and (mine.ids is null or d.user_id in (
          select m.user_id from memberships m where m.organization_id = any(mine.ids)))
    ) sends,
    lateral (
      select count(*) as tasks,
        avg(extract(epoch from t.completed_at - t.started_at)) / 60 as work_minutes,
        avg(extract(epoch from t.completed_at - t.created_at)) / 60 as lead_minutes
      from technician_assignments t
      where t.completed_at >= :begin and t.completed_at < :end
        and (mine.ids is null or t.organization_id = any(mine.ids))
    ) done,
    lateral (
      select count(*) as questions, count(s.stars) as answers, avg(s.stars) as stars
      from satisfaction_answers s
      where s.asked_at >= :begin and s.asked_at < :end
        and (mine.ids is null or s.organization_id = any(mine.ids))
    ) said
    """
)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many succeeded."""

    good: int
    all: int

    @property
    def share(self) -> float | None:
        """Return the share; None of nothing."""
        return self.good / self.all if self.all else None


@dataclass(frozen=True, slots=True)
class Measures:
    """What seed 002 wants to be measured, in a period.

    ``uploads``: photos of tasks taken in, of those that were sent; the identical file again is no failure.
    ``creations``: assignments that came to be, of those asked for. ``deliveries``: messages that the readers
    did not cause, known to have arrived, of those that ended. Minutes: from start, and from creation, to
    completion; None without a completed task. ``satisfaction``: who answered the monthly question, of those
    asked; ``stars``: the average of their answers, 1 to 5.
    """

    uploads: Rate
    creations: Rate
    deliveries: Rate
    completed: int
    work_minutes: float | None
    lead_minutes: float | None
    satisfaction: Rate
    stars: float | None


async def measures(
    session: AsyncSession, begin: datetime, end: datetime, organizations: Sequence[int] | None = None
) -> Measures:
    """Return the measures from ``begin`` up to ``end``; without ``organizations`` those of all tenants.

    Needs the system scope, since numbers and readers are the system's. Deliveries are kept for thirty days:
    a longer period counts those that are there.
    """
    given = {
        "organizations": None if organizations is None else list(organizations),
        "begin": begin,
        "end": end,
        "refused": PHOTO_REFUSED,
        "reply": SendPriority.REPLY,
    }
    row = (await session.execute(_MEASURES, given)).one()
    return Measures(
        uploads=Rate(row.kept, row.kept + row.refused),
        creations=Rate(row.made, row.asked),
        deliveries=Rate(row.sent, row.sent + row.failed),
        completed=row.completed,
        work_minutes=None if row.work_minutes is None else float(row.work_minutes),
        lead_minutes=None if row.lead_minutes is None else float(row.lead_minutes),
        satisfaction=Rate(row.answers, row.questions),
        stars=None if row.stars is None else float(row.stars),
    )
