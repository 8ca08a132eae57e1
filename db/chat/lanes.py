"""Lanes: who handles which chat, in what order, and what becomes of an update (DESIGN 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

LEASE = timedelta(seconds=30)
BATCH = 20
"""How many updates of a lane are read at a time."""

_QUEUED = """
    u.update_id, u.n, u.payload, u.attempts, u.answered_at is not null as answered,
    extract(epoch from clock_timestamp() - u.received_at) as age_s
"""
_CLAIM = text(
    f"""
    with claimed as (
      update chat_lanes set lease_until = clock_timestamp() + cast(:lease as interval), lease_owner = :owner
      where lane in (
        select lane from chat_lanes
        where last_n > done_n
          and (lease_until is null or lease_until <= clock_timestamp() or lease_owner = :owner)
          and lane <> all(cast(:served as text[]))
          and (retry_at is null or retry_at <= clock_timestamp())
        order by lease_until nulls first limit :count for update skip locked
      )
      returning lane, done_n
    )
    select claimed.lane, heads.*, others.next_in_s
    from (
      select extract(epoch from min(greatest(retry_at, lease_until)) - clock_timestamp()) as next_in_s
      from chat_lanes where last_n > done_n and lane not in (select lane from claimed)
    ) others
    left join claimed on true
    left join lateral (
      select {_QUEUED} from telegram_updates u
      where u.lane = claimed.lane and u.n > claimed.done_n order by u.n limit :batch
    ) heads on true order by heads.n
    """  # noqa: S608 - constants of this module
)
_RENEW = text(
    """
    update chat_lanes set lease_until = clock_timestamp() + cast(:lease as interval)
    where lease_owner = :owner and lane = any(cast(:lanes as text[])) returning lane
    """
)
_WAITING = text(
    f"""
    select {_QUEUED} from telegram_updates u join chat_lanes l on l.lane = u.lane
    where u.lane = :lane and l.lease_owner = :owner and u.n > l.done_n order by u.n limit :batch
    """  # noqa: S608 - constants of this module
)
_DONE = text(
    """
    with lane as (
      update chat_lanes set done_n = greatest(done_n, :last), retry_at = null,
        lease_until = case when last_n > :last then lease_until else clock_timestamp() end,
        lease_owner = case when last_n > :last then lease_owner end
      where lane = :lane and lease_owner = :owner
      returning lane, last_n > done_n as more
    )
    update telegram_updates set handled_at = clock_timestamp()
    from lane where telegram_updates.lane = lane.lane and n between :first and :last
    returning lane.more
    """
)
_PARK = text(
    """
    with lane as (
      update chat_lanes set done_n = greatest(done_n, :last), retry_at = null
      where lane = :lane and lease_owner = :owner
      returning lane
    )
    update telegram_updates set parked_at = clock_timestamp(), attempts = attempts + 1, error = :error
    from lane where telegram_updates.lane = lane.lane and n between :first and :last
    """
)
_RETRY = text(
    """
    with lane as (
      update chat_lanes set retry_at = clock_timestamp() + cast(:delay as interval),
        lease_until = clock_timestamp(), lease_owner = null
      where lane = :lane and lease_owner = :owner
      returning lane
    )
    update telegram_updates set attempts = attempts + :count, error = :error,
      answered_at = case when :answered then coalesce(answered_at, clock_timestamp()) else answered_at end
    from lane where telegram_updates.lane = lane.lane and n = :n
    """
)
_REST = text(
    """
    update chat_lanes set retry_at = clock_timestamp() + cast(:delay as interval),
      lease_until = clock_timestamp(), lease_owner = null
    where lane = :lane and lease_owner = :owner
    """
)
_RELEASE = text(
    """
    update chat_lanes set lease_until = clock_timestamp(), lease_owner = null
    where lane = :lane and lease_owner = :owner returning last_n > done_n
    """
)
_GIVE_BACK = text(
    "update chat_lanes set lease_until = clock_timestamp(), lease_owner = null where lease_owner = :owner"
)


@dataclass(frozen=True, slots=True)
class QueuedUpdate:
    """An update at the head of its lane. ``age_s``: seconds since it was received."""

    update_id: int
    n: int
    payload: dict[str, Any]
    attempts: int
    answered: bool
    """An earlier handling answered the callback or said "noted"."""
    age_s: float


@dataclass(frozen=True, slots=True)
class Claim:
    """Lanes with the first updates in each, and in how many seconds another one may be claimed.

    ``next_in_s`` is None when no other lane has anything waiting. A lane that was filled in the moment of its
    claim comes without updates: ask ``waiting``.
    """

    heads: dict[str, list[QueuedUpdate]]
    next_in_s: float | None


async def claim(session: AsyncSession, owner: UUID, count: int, served: Iterable[str] = ()) -> Claim:
    """Claim up to ``count`` lanes with waiting updates, those served longest ago first.

    ``served``: the lanes that this owner is serving. Another lane of its own was left in an outage.
    """
    given = {"owner": owner, "count": count, "batch": BATCH, "lease": LEASE, "served": list(served)}
    rows = list(await session.execute(_CLAIM, given))
    heads: dict[str, list[QueuedUpdate]] = {}
    for row in rows:
        if row.lane is not None:
            heads.setdefault(row.lane, [])
        if row.n is not None:
            heads[row.lane].append(_queued(row))
    next_in_s = rows[0].next_in_s
    return Claim(heads, None if next_in_s is None else float(next_in_s))


async def renew(session: AsyncSession, owner: UUID, lanes: list[str]) -> set[str]:
    """Lengthen the leases of lanes; return those that are still this owner's."""
    return set((await session.execute(_RENEW, {"owner": owner, "lanes": lanes, "lease": LEASE})).scalars())


async def waiting(session: AsyncSession, owner: UUID, lane: str) -> list[QueuedUpdate]:
    """Return the next updates of a lane in order; none when the lease is lost."""
    rows = await session.execute(_WAITING, {"owner": owner, "lane": lane, "batch": BATCH})
    return [_queued(row) for row in rows]


def _queued(row: Row[Any]) -> QueuedUpdate:
    return QueuedUpdate(row.update_id, row.n, row.payload, row.attempts, row.answered, float(row.age_s))


async def done(session: AsyncSession, owner: UUID, lane: str, first: int, last: int) -> bool:
    """Mark updates ``first`` to ``last`` of a lane as handled; return whether this owner goes on with it.

    It does not when nothing more waits, then the lane is let go, or when the lease was lost, then nothing
    is changed.
    """
    given = {"owner": owner, "lane": lane, "first": first, "last": last}
    return bool(await session.scalar(_DONE, given))


async def park(  # noqa: PLR0913 - each is one thing to remember
    session: AsyncSession, owner: UUID, lane: str, first: int, last: int, *, error: str
) -> None:
    """Put updates aside for good so that the lane goes on."""
    given = {"owner": owner, "lane": lane, "first": first, "last": last, "error": error}
    await session.execute(_PARK, given)


async def retry(  # noqa: PLR0913 - each is one thing to remember
    session: AsyncSession,
    owner: UUID,
    lane: str,
    n: int,
    *,
    delay: timedelta,
    error: str,
    counts: bool,
    answered: bool,
) -> None:
    """Let go of the lane; its head is tried again after ``delay``. Outages do not count as attempts."""
    given = {"owner": owner, "lane": lane, "n": n, "delay": delay, "error": error}
    await session.execute(_RETRY, given | {"count": int(counts), "answered": answered})


async def rest(session: AsyncSession, owner: UUID, lane: str, delay: timedelta) -> None:
    """Let go of a lane whose head is to wait a moment."""
    await session.execute(_REST, {"owner": owner, "lane": lane, "delay": delay})


async def release(session: AsyncSession, owner: UUID, lane: str) -> bool:
    """Let go of a lane; return whether updates wait in it."""
    return bool(await session.scalar(_RELEASE, {"owner": owner, "lane": lane}))


async def give_back(session: AsyncSession, owner: UUID) -> None:
    """Let go of all lanes of an owner."""
    await session.execute(_GIVE_BACK, {"owner": owner})
