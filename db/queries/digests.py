"""Reading what somebody begins the day with: their stops, and how their organizations stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import LastPosition
from db.queries.assignments import AssignmentDetail, open_assignments_of
from db.queries.people import organizations
from domain.arrivals import distance_m
from domain.assignments import HELD_STATUSES
from domain.local_time import moment_of_tomorrow
from domain.people import Person
from domain.roles import Permission

SEEN_WITHIN = timedelta(hours=12)
"""An older position is no place to start the day from."""

_FIGURES = text(
    """
    select o.id as organization_id, o.name,
      (select count(*) from technician_assignments t
       where t.organization_id = o.id and t.status in ('pending', 'accepted', 'in_progress')) as open,
      (select count(*) from technician_assignments t
       where t.organization_id = o.id and t.status = 'pending') as unaccepted,
      (select count(*) from technician_assignments t
       where t.organization_id = o.id
         and (t.status in ('pending', 'accepted') and t.scheduled_date < :now
           or t.status = 'in_progress'
             and t.started_at + t.expected_minutes * 1.5 * interval '1 minute' < :now)) as overdue,
      (select count(*) from rvm_machines m
       where m.organization_id = o.id and m.connection = 'offline' and m.status <> 'inactive'
         and m.deleted_at is null) as offline,
      (select coalesce(jsonb_agg(u.name order by u.name), '[]') from memberships m
       join users u on u.id = m.user_id
       left join telegram_accounts a on a.user_id = u.id
       where m.organization_id = o.id and m.is_active and u.is_active and u.deleted_at is null
         and m.role in ('admin', 'operator', 'teknisi')
         and (a.id is null or a.blocked_at is not null)) as unreachable
    from organizations o
    where o.id = any(cast(:organizations as bigint[])) and o.deleted_at is null
    order by o.name
    """
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A task of the day, and how far it is from the stop before, or from where the person was last seen."""

    task: AssignmentDetail
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """How an organization's work stands."""

    organization_id: int
    name: str
    open: int
    unaccepted: int
    overdue: int
    """Not begun at its time, or not finished at 150 % of its minutes."""
    offline: int
    unreachable: list[str]
    """Names of staff who are not linked, or shut the bot out."""

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.open or self.offline or self.unreachable)


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person begins the day with."""

    stops: list[Stop]
    offers: int
    """Tasks that wait for the person's answer."""
    teams: list[TeamFigures] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.stops or self.offers or self.teams)


async def digest_of(session: AsyncSession, person: Person, now: datetime) -> Digest:
    """Return a person's digest: own stops until the end of their day, and the teams they manage."""
    tasks = await open_assignments_of(session, person.user_id)
    ends = moment_of_tomorrow(now, person.time_zone)
    today = [task for task in tasks if task.status in HELD_STATUSES and task.scheduled_date < ends]
    offers = [task for task in tasks if task.status not in HELD_STATUSES]
    return Digest(
        stops=await _stops(session, person.user_id, today, now),
        offers=len(offers),
        teams=[team for team in await _teams(session, person, now) if not team.is_quiet],
    )


async def _stops(
    session: AsyncSession, user_id: int, tasks: Sequence[AssignmentDetail], now: datetime
) -> list[Stop]:
    seen = await session.scalar(
        select(LastPosition).where(LastPosition.user_id == user_id, LastPosition.at > now - SEEN_WITHIN)
    )
    place = (seen.latitude, seen.longitude) if seen else None
    stops = []
    for task in tasks:
        away = distance_m(*place, task.latitude, task.longitude) if place else None
        stops.append(Stop(task, away))
        place = (task.latitude, task.longitude)
    return stops


async def _teams(session: AsyncSession, person: Person, now: datetime) -> list[TeamFigures]:
    managed = person.organizations_with(Permission.MANAGE_ASSIGNMENTS)
    if person.is_super_admin:
        managed = tuple(number for number, _ in await organizations(session))
    if not managed:
        return []
    rows = await session.execute(_FIGURES, {"organizations": list(managed), "now": now})
    return [TeamFigures(**row) for row in rows.mappings()]
