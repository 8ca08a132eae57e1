"""Heartbeats of many boxes in one transaction: replay check, beat, spool, acknowledgement (DESIGN 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.ingest.pins import PIN_KINDS, record_pin_entry
from db.ingest.spool import SpoolEntry
from domain.errors import Refusal, Replayed, SignatureInvalid

# All three take their locks in one order, so that two replicas never wait for each other.
_NONCES = text(
    """
    insert into edge_nonces (edge_server_id, nonce)
    select server, nonce
    from unnest(cast(:servers as bigint[]), cast(:nonces as text[])) as given(server, nonce)
    order by server, nonce
    on conflict do nothing
    returning edge_server_id, nonce
    """
)
_BEAT = text(
    """
    with due as (
      select id from edge_servers
      where id = any(cast(:servers as bigint[])) and is_active and deleted_at is null
      order by id for no key update
    ), devices as (
      update edge_devices set last_heartbeat_at = now() from due where edge_devices.edge_server_id = due.id
    )
    update edge_servers
    set last_heartbeat = now(), beat_due_at = now() + edge_servers.missed_after_s * interval '1 second',
      health = cast(given.health as jsonb)
    from due
    join unnest(cast(:servers as bigint[]), cast(:health as text[])) as given(server, health)
      on given.server = due.id
    where edge_servers.id = due.id
    returning edge_servers.id, edge_servers.acked_sequence
    """
)
_ENTRIES = text(
    """
    with added as (
      insert into edge_entries (edge_server_id, sequence, kind, occurred_at, data)
      select given.server, given.sequence, given.kind, given.at, cast(given.data as jsonb)
      from unnest(
        cast(:servers as bigint[]), cast(:sequences as bigint[]), cast(:kinds as text[]),
        cast(:times as timestamptz[]), cast(:data as text[])
      ) as given(server, sequence, kind, at, data)
      join edge_servers on edge_servers.id = given.server
      where given.sequence > edge_servers.acked_sequence
      on conflict do nothing
      returning edge_server_id, sequence, kind
    )
    select edge_server_id, sequence from added where kind = any(cast(:heard as text[])) order by 1, 2
    """
)
_ACKNOWLEDGE = text(
    """
    with numbered as (
      select entries.edge_server_id as server, entries.sequence,
        entries.sequence - servers.acked_sequence
          - row_number() over (partition by entries.edge_server_id order by entries.sequence) as missing
      from edge_entries entries join edge_servers servers on servers.id = entries.edge_server_id
      where servers.id = any(cast(:servers as bigint[])) and entries.sequence > servers.acked_sequence
    ), reached as (select server, max(sequence) as sequence from numbered where missing = 0 group by server)
    update edge_servers set acked_sequence = reached.sequence
    from reached where edge_servers.id = reached.server
    returning edge_servers.id, edge_servers.acked_sequence
    """
)


@dataclass(frozen=True, slots=True)
class Beat:
    """One verified heartbeat."""

    edge_server_id: int
    nonce: str
    health: str = "{}"
    """The box's figures as JSON text."""
    entries: Sequence[SpoolEntry] = ()


async def store_beats(session: AsyncSession, beats: Sequence[Beat]) -> list[int | Refusal]:
    """Store beats (system scope); return for each the highest contiguous sequence, or why it was not taken.

    A nonce that came before gives ``Replayed``, a box that is gone ``SignatureInvalid``; the others count.
    """
    fresh = await _fresh(session, beats)
    health = {beats[place].edge_server_id: beats[place].health for place in sorted(fresh)}
    given = {"servers": list(health), "health": list(health.values())}
    acked = {row.id: row.acked_sequence for row in await session.execute(_BEAT, given)}
    lines = [
        (beat.edge_server_id, entry)
        for beat in (beats[place] for place in fresh)
        if beat.edge_server_id in acked
        for entry in beat.entries
    ]
    if lines:
        acked |= await _store_entries(session, lines)
    return [
        acked.get(beat.edge_server_id, SignatureInvalid()) if place in fresh else Replayed()
        for place, beat in enumerate(beats)
    ]


async def spend_nonce(session: AsyncSession, edge_server_id: int, nonce: str) -> None:
    """Use up the nonce of a signed request that is no heartbeat; raises ``Replayed`` when it came before."""
    if not await _fresh(session, [Beat(edge_server_id, nonce)]):
        raise Replayed


async def _fresh(session: AsyncSession, beats: Sequence[Beat]) -> set[int]:
    """Return the places of the beats whose nonce was never seen; of twins in one batch the first."""
    first: dict[tuple[int, str], int] = {}
    for place, beat in enumerate(beats):
        first.setdefault((beat.edge_server_id, beat.nonce), place)
    given = {"servers": [server for server, _ in first], "nonces": [nonce for _, nonce in first]}
    rows = await session.execute(_NONCES, given)
    return {first[server, nonce] for server, nonce in rows}


async def _store_entries(session: AsyncSession, lines: Sequence[tuple[int, SpoolEntry]]) -> Mapping[int, int]:
    given = {
        "servers": [server for server, _ in lines],
        "sequences": [entry.sequence for _, entry in lines],
        "kinds": [entry.kind for _, entry in lines],
        "times": [entry.at for _, entry in lines],
        "data": [entry.data for _, entry in lines],
    }
    added = (await session.execute(_ENTRIES, given | {"heard": list(PIN_KINDS)})).all()
    if added:
        # Of twins in one batch the first was stored.
        told = {(server, entry.sequence): entry for server, entry in reversed(lines)}
        for server, sequence in added:
            await record_pin_entry(session, server, told[server, sequence])
    rows = await session.execute(_ACKNOWLEDGE, {"servers": list({server for server, _ in lines})})
    return {row.id: row.acked_sequence for row in rows}
