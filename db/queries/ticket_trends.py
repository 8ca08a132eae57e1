"""How a helpdesk does over some days: what its charts and its report show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import Ticket
from domain.tickets import OPEN_TICKETS, TicketStatus

AGES = (("under_1", 1), ("under_3", 3), ("under_7", 7))
OLDEST = "over_7"
"""Buckets of age, by days below which they end."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Promises of which is known whether they were kept."""

    good: int = 0
    known: int = 0

    @property
    def share(self) -> float | None:
        """The share that was kept; None of none."""
        return self.good / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Trends:
    """Figures of a helpdesk from a day until a moment."""

    since: datetime
    until: datetime
    by_status: dict[TicketStatus, int]
    """Open ones, now."""
    by_age: dict[str, int]
    kept_by_day: list[tuple[date, Kept]]
    ratings: dict[int, int]
    opened: int
    solved: int
    closed: int
    first_answers: Kept
    solutions: Kept

    @property
    def days(self) -> int:
        """How many days it looks back."""
        return (self.until - self.since).days

    @property
    def open(self) -> int:
        """How many are open now."""
        return sum(self.by_status.values())

    @property
    def average(self) -> float | None:
        """The average rating; None when nobody rated."""
        count = sum(self.ratings.values())
        return sum(stars * number for stars, number in self.ratings.items()) / count if count else None


async def trends(
    session: AsyncSession, organizations: Sequence[int], *, now: datetime, days: int, zone: str
) -> Trends:
    """Return the figures of organizations, in days of a zone."""
    since = now - timedelta(days=days)
    own = and_(Ticket.organization_id.in_(organizations), Ticket.deleted_at.is_(None))
    opened = await session.execute(
        select(Ticket.status, Ticket.created_at).where(own, Ticket.status.in_(sorted(OPEN_TICKETS)))
    )
    by_status = {status: 0 for status in TicketStatus if status in OPEN_TICKETS}
    by_age = dict.fromkeys([*(name for name, _ in AGES), OLDEST], 0)
    for status, created_at in opened:
        by_status[status] += 1
        by_age[_age(now - created_at)] += 1
    ratings = dict.fromkeys(range(1, 6), 0)
    rated = await session.execute(
        select(Ticket.rating, func.count())
        .where(own, Ticket.rating.is_not(None), Ticket.updated_at >= since)
        .group_by(Ticket.rating)
    )
    ratings |= {stars: number for stars, number in rated if stars is not None}
    by_day = await _solutions(session, own, since, now, zone)
    return Trends(
        since=since,
        until=now,
        by_status=by_status,
        by_age=by_age,
        kept_by_day=by_day,
        ratings=ratings,
        opened=await _count(session, own, Ticket.created_at >= since),
        solved=await _count(session, own, Ticket.solved_at >= since),
        closed=await _count(session, own, Ticket.closed_at >= since),
        first_answers=await _first_answers(session, own, since),
        solutions=Kept(sum(one.good for _, one in by_day), sum(one.known for _, one in by_day)),
    )


def _age(age: timedelta) -> str:
    return next((name for name, days in AGES if age < timedelta(days=days)), OLDEST)


async def _count(session: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    return int(await session.scalar(select(func.count()).select_from(Ticket).where(*conditions)) or 0)


async def _first_answers(session: AsyncSession, own: ColumnElement[bool], since: datetime) -> Kept:
    kept = Ticket.first_answer_kept
    query = select(func.count().filter(kept.is_(True)), func.count(kept)).where(
        own, Ticket.first_answered_at >= since
    )
    good, known = (await session.execute(query)).one()
    return Kept(good, known)


async def _solutions(
    session: AsyncSession, own: ColumnElement[bool], since: datetime, now: datetime, zone: str
) -> list[tuple[date, Kept]]:
    """Return for every day how many of the solutions of that day came in time."""
    day = cast(func.timezone(zone, Ticket.solved_at), Date)
    kept = Ticket.solution_kept
    rows = await session.execute(
        select(day, func.count().filter(kept.is_(True)), func.count(kept))
        .where(own, Ticket.solved_at >= since)
        .group_by(day)
    )
    found = {at: Kept(good, known) for at, good, known in rows}
    first = await session.scalar(select(cast(func.timezone(zone, since), Date)))
    last = await session.scalar(select(cast(func.timezone(zone, now), Date)))
    if first is None or last is None:
        return []
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [(one, found.get(one, Kept())) for one in days]
