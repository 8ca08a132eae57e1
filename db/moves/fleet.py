"""What fleet-watch reads and marks: boxes whose connection is no longer what their row says."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.machines import Connection

_CHANGED = text(
    """
    with late as (
      select e.id, e.last_heartbeat, e.watch_mark, e.watch_at, 'offline' as now_is
      from edge_servers e, ingest_liveness i
      where e.status = 'online' and e.beat_due_at < now() and mod(e.id, :shards) = :shard
        and i.alive_at > now() - interval '5 seconds'
        and i.resumed_at + e.missed_after_s * interval '1 second' < now()
    ), back as (
      select e.id, e.last_heartbeat, e.watch_mark, e.watch_at, 'online' as now_is
      from edge_servers e
      where e.status <> 'online' and e.beat_due_at > now() and mod(e.id, :shards) = :shard
    )
    select c.id, m.uuid, c.now_is, c.last_heartbeat
    from (select * from late union all select * from back) c
    join edge_devices d on d.edge_server_id = c.id
    join rvm_machines m on m.id = d.rvm_machine_id and m.deleted_at is null
    where c.watch_mark is distinct from c.now_is or c.watch_at < now() - interval '30 seconds'
    order by c.last_heartbeat
    limit :limit
    """
)

# Boxes that are marked may beat as well, and both lock many: in one order, so that neither ends the other.
_MARK = text(
    """
    with marked as (
      select e.id, given.mark
      from edge_servers e
      join unnest(cast(:servers as bigint[]), cast(:marks as text[])) as given(server, mark)
        on given.server = e.id
      order by e.id for no key update of e
    )
    update edge_servers set watch_mark = marked.mark, watch_at = now()
    from marked where edge_servers.id = marked.id
    """
)


async def devices_to_watch(
    session: AsyncSession, shard: int, shards: int, limit: int = 1000
) -> list[tuple[int, UUID, Connection, datetime]]:
    """Return (edge server, machine uuid, what it is now, evidence) of boxes whose connection changed.

    A missed deadline counts only while ingest was alive: a beat is late when it is overdue both since it was
    due and since ingest came back (DESIGN 5). A signal that led nowhere is repeated after 30 s.
    """
    rows = await session.execute(_CHANGED, {"shard": shard, "shards": shards, "limit": limit})
    return [(row.id, row.uuid, Connection(row.now_is), row.last_heartbeat) for row in rows]


async def mark_watched(session: AsyncSession, marks: Mapping[int, Connection]) -> None:
    """Remember what was signalled, after it was."""
    await session.execute(_MARK, {"servers": list(marks), "marks": list(marks.values())})
