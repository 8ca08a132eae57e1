"""Counting one person's field work over a period."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_FIGURES = text(
    """
    with done as (
      select
        completed_at <= coalesce(window_to, scheduled_date + expected_minutes * 1.5 * interval '1 minute')
          as in_time,
        extract(epoch from completed_at - accepted_at) / 60 as minutes
      from technician_assignments
      where assigned_to = :user and status = 'completed'
        and completed_at >= :since and completed_at < :until
    ), moved as (
      select move from assignment_events
      where actor_id = :user and move in ('decline', 'hand_back') and at >= :since and at < :until
    ), liked as (
      select stars from satisfaction_answers
      where user_id = :user and stars is not null and answered_at >= :since and answered_at < :until
    )
    select
      (select count(*) from technician_assignments
       where assigned_to = :user and status in ('pending', 'accepted', 'in_progress')) as open,
      (select count(*) from done) as completed,
      (select avg(cast(in_time as int)) from done) as on_time_share,
      (select percentile_cont(0.5) within group (order by minutes) from done) as median_minutes,
      (select count(*) from moved where move = 'decline') as declines,
      (select count(*) from moved where move = 'hand_back') as hand_backs,
      (select avg(stars) from liked) as satisfaction
    """
)


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """A person's field work within a period; None where there is nothing to reckon with."""

    since: datetime
    until: datetime
    open: int
    """Now, whenever it began."""
    completed: int
    on_time_share: float | None
    """0 to 1: completed within the task's window, else by 150 % of its minutes after its time."""
    median_minutes: float | None
    """From accepting to completing."""
    declines: int
    hand_backs: int
    satisfaction: float | None
    """Mean of the stars, 1 to 5, that the person gave."""


async def field_figures(
    session: AsyncSession, user_id: int, since: datetime, until: datetime
) -> FieldFigures:
    """Return a person's figures, counting what the scope may see."""
    row = (await session.execute(_FIGURES, {"user": user_id, "since": since, "until": until})).one()
    return FieldFigures(
        since=since,
        until=until,
        open=row.open,
        completed=row.completed,
        on_time_share=None if row.on_time_share is None else float(row.on_time_share),
        median_minutes=None if row.median_minutes is None else float(row.median_minutes),
        declines=row.declines,
        hand_backs=row.hand_backs,
        satisfaction=None if row.satisfaction is None else float(row.satisfaction),
    )
