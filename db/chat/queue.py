"""Claiming due deliveries by priority within the rates; one at a time per chat, on any replica (DESIGN 6)."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.rates import (
    BURST,
    EVERY,
    GROUP_CALLS,
    GROUP_EDITS,
    GROUP_MINUTE_S,
    LEASE,
    TOKEN_EVERY_S,
    lock_token,
)
from domain.chat import DeliveryClass, Loudness, Thing

SOON_S = 0.01
"""Nothing could be claimed although something is ready: another replica is just claiming it."""


def _after(calls: int) -> str:
    """Return, as SQL, from when on a group's last minute holds fewer calls; null: it never held so many."""
    return f"""(
      select c.sent_at + interval '{GROUP_MINUTE_S} s' from deliveries c
      where c.chat_id = groups.chat_id and c.sent_at is not null
      order by c.sent_at desc offset {calls - 1} limit 1)"""  # noqa: S608 - constants of this package


_DUE = "(d.state = 'due' or (d.state = 'uncertain' and d.delivery_class = 'card')) and d.chat_id is not null"
_LANE_READY_AT = f"""greatest(
  coalesce(l.lease_until, '-infinity'), coalesce(l.blocked_until, '-infinity'),
  coalesce(l.next_at - {BURST - 1} * {EVERY}, '-infinity'))"""
# What left is counted: a bucket would let words wait although the group takes them.
_MINUTES = f"""
  minutes as materialized (
    select groups.chat_id, {_after(GROUP_CALLS)} as words_at, {_after(GROUP_EDITS)} as edits_at
    from (select distinct d.chat_id from deliveries d where {_DUE} and d.chat_id < 0) groups
  )"""  # noqa: S608 - constants of this package
_READY_AT = f"""greatest({_LANE_READY_AT},
  case when d.card_id is not null and d.loudness = 'edit' then m.edits_at else m.words_at end)"""
_WAITING = """deliveries d left join send_lanes l on l.chat_id = d.chat_id
      left join minutes m on m.chat_id = d.chat_id"""

# The clock stands still while the heads are chosen: a chat that became ready between two looks at it would
# send its second delivery first.
_CLAIM = text(
    f"""
    with {_MINUTES}, heads as (
      select distinct on (d.chat_id) d.id, d.chat_id, d.priority, d.due_at
      from {_WAITING}
      where {_DUE} and d.due_at <= statement_timestamp() and {_READY_AT} <= statement_timestamp()
      order by d.chat_id, d.priority, d.due_at, d.id
    ), chosen as (
      select heads.*, row_number() over (order by priority, due_at, id) - 1 as slot,
        statement_timestamp() + cast(:wait as interval)
        + (row_number() over (order by priority, due_at, id) - 1) * interval '{TOKEN_EVERY_S} s' as leaves_at
      from heads order by priority, due_at, id limit :count
    ), leased as (
      insert into send_lanes as lane (chat_id, next_at, lease_until, lease_owner)
      select chat_id, leaves_at + {EVERY},
        clock_timestamp() + cast(:lease as interval), :owner from chosen
      on conflict (chat_id) do update set
        next_at = greatest(lane.next_at + {EVERY}, excluded.next_at),
        lease_until = excluded.lease_until, lease_owner = excluded.lease_owner
    ), token as (
      update send_lanes
      set next_at = greatest(next_at, clock_timestamp())
        + (select count(*) from chosen) * interval '{TOKEN_EVERY_S} s'
      where chat_id = 0
    )
    update deliveries as d set state = 'sending', attempts = attempts + 1, updated_at = clock_timestamp()
    from chosen where d.id = chosen.id
    returning d.*, chosen.slot
    """  # noqa: S608 - constants of this module
)
_NEXT = text(
    f"""
    with {_MINUTES}
    select extract(epoch from min(greatest(d.due_at, {_READY_AT})) - clock_timestamp())
    from {_WAITING} where {_DUE}
    """  # noqa: S608 - constants of this module
)
_UNKNOWN = text(
    """
    select d.* from deliveries d join send_lanes l on l.chat_id = d.chat_id
    where d.state = 'sending' and l.lease_owner = :owner and d.id <> all(cast(:known as bigint[]))
    order by d.id for update of d
    """
)
_OPEN = text(
    "select true from deliveries where id = :id and state = 'sending' and attempts = :attempts for update"
)
_STUCK = text(
    """
    select d.* from deliveries d left join send_lanes l on l.chat_id = d.chat_id
    where d.state = 'sending' and d.updated_at < clock_timestamp() - cast(:lease as interval)
      and (l.lease_until is null or l.lease_until < clock_timestamp())
    order by d.id limit 50 for update of d skip locked
    """
)


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed delivery; ``after_s``: its slot, seconds from the claim."""

    id: int
    chat_id: int
    thread_id: int | None
    user_id: int | None
    organization_id: int | None
    source: str | None
    card_id: int | None
    template: str | None
    context: dict[str, Any]
    thing: Thing | None
    thing_id: int | None
    content: dict[str, Any] | None
    edit_message_id: int | None
    loudness: Loudness
    delivery_class: DeliveryClass
    attempts: int
    repeated: bool
    """Its first send ended without an answer: a repeat carries a mark."""
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be sent now, and in how many seconds there may be more (None: nothing is due)."""

    due: list[Due]
    next_in_s: float | None
    at: float
    """The moment that ``after_s`` counts from, on this process's monotonic clock."""


async def claim(session: AsyncSession, owner: UUID) -> Claim:
    """Claim what the rates allow: the most urgent delivery of each ready chat, most urgent chats first."""
    token = await lock_token(session)
    # After the lock: waiting for another replica does not make this one's slots too early.
    at = time.monotonic()
    rows = []
    if token.count:
        given = {
            "count": token.count,
            "wait": timedelta(seconds=token.wait_s),
            "lease": LEASE,
            "owner": owner,
        }
        rows = list(await session.execute(_CLAIM, given))
    due = [_due(row, token.wait_s + row.slot * TOKEN_EVERY_S) for row in rows]
    due.sort(key=lambda one: one.after_s)
    if due and len(due) == token.count:
        return Claim(due, 0.0, at)
    ready = await session.scalar(_NEXT)
    if ready is None:
        return Claim(due, None, at)
    return Claim(due, max(SOON_S, float(ready), 0.0 if token.count else token.wait_s), at)


async def unknown(session: AsyncSession, owner: UUID, known: Iterable[int]) -> list[Due]:
    """Return what this owner claimed without knowing it: nothing of that was sent.

    ``known`` are the deliveries that it sends or tried to send. A claim is not known when the database went
    away before its answer.
    """
    given = {"owner": owner, "known": list(known)}
    return [_due(row, 0.0) for row in await session.execute(_UNKNOWN, given)]


async def is_open(session: AsyncSession, due: Due) -> bool:
    """Return whether this claim of the delivery, no later one, is still without an outcome."""
    return bool(await session.scalar(_OPEN, {"id": due.id, "attempts": due.attempts}))


async def stuck(session: AsyncSession) -> list[Due]:
    """Return deliveries whose sender died between claim and outcome; they are locked in this transaction."""
    return [_due(row, 0.0) for row in await session.execute(_STUCK, {"lease": LEASE})]


def _due(row: Row[Any], after_s: float) -> Due:
    return Due(
        id=row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        user_id=row.user_id,
        organization_id=row.organization_id,
        source=row.source,
        card_id=row.card_id,
        template=row.template,
        context=row.context,
        thing=Thing(row.thing) if row.thing else None,
        thing_id=row.thing_id,
        content=row.content,
        edit_message_id=row.edit_message_id,
        loudness=Loudness(row.loudness),
        delivery_class=DeliveryClass(row.delivery_class),
        attempts=row.attempts,
        repeated=row.uncertain_at is not None,
        after_s=after_s,
    )
