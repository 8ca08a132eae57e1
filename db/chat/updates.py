"""Storing updates before they are acknowledged, each with its place in the order of its chat (DESIGN 6)."""

import json
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from db.chat.lanes import LEASE, QueuedUpdate
from db.chat.wake import UPDATES
from db.session import Database

log = logging.getLogger(__name__)

NO_CHAT = "none"
"""Lane of updates without a chat, malformed ones among them."""
_LARGEST_ID = 2**63 - 1
_CARRIERS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_message",
    "edited_business_message",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
    "chat_join_request",
)

# One statement, since it is in the way of every tap. The count of a lane is taken and raised by its own row's
# lock; the lanes are locked in one order. A lane where nothing waited comes claimed with what is new.
_STORE = text(
    """
    with fresh as (
      select given.*, row_number() over (partition by given.lane order by given.update_id) as place
      from unnest(cast(:ids as bigint[]), cast(:lanes as text[]), cast(:payloads as text[]))
        as given(update_id, lane, payload)
      where not exists (select from telegram_updates known where known.update_id = given.update_id)
    ), counted as (
      select lane, count(*) as added, row_number() over (order by lane) <= :free as wanted
      from fresh group by lane
    ), moved as (
      insert into chat_lanes as held (lane, last_n, lease_owner, lease_until)
      select lane, added, case when wanted then cast(:owner as uuid) end,
        case when wanted then now() + cast(:lease as interval) end
      from counted order by lane
      on conflict (lane) do update set
        last_n = held.last_n + excluded.last_n,
        lease_owner = case when held.done_n = held.last_n and coalesce(held.lease_until <= now(), true)
          then excluded.lease_owner else held.lease_owner end,
        lease_until = case when held.done_n = held.last_n and coalesce(held.lease_until <= now(), true)
          then excluded.lease_until else held.lease_until end
      returning lane, last_n, done_n, lease_owner, lease_until
    ), placed as (
      select fresh.update_id, fresh.lane, moved.last_n - counted.added + fresh.place as n, fresh.payload,
        counted.wanted and moved.done_n = moved.last_n - counted.added
          and moved.lease_owner = :owner and moved.lease_until = now() + cast(:lease as interval) as claimed
      from fresh join counted using (lane) join moved using (lane)
    ), kept as (
      insert into telegram_updates (update_id, lane, n, payload)
      select update_id, lane, n, cast(payload as jsonb) from placed
    )
    select placed.update_id, placed.lane, placed.n, coalesce(placed.claimed, false) as claimed, told.others
    from placed, (
      select count(pg_notify(:channel, '')) as others
      from (select from placed where claimed is not true limit 1) as waiting
    ) as told
    order by placed.lane, placed.n
    """
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What was new: ``claimed`` holds the lanes that came to the one who stored, the others wait."""

    added: int
    claimed: dict[str, list[QueuedUpdate]]


def lane_of(raw: Mapping[str, Any]) -> str:
    """Return the lane of a raw update: chat and topic; ``none`` when it names no chat."""
    carrier = next((raw[kind] for kind in _CARRIERS if isinstance(raw.get(kind), dict)), None)
    tapped = raw.get("callback_query")
    if carrier is None and isinstance(tapped, dict):
        carrier = tapped.get("message")
    if not isinstance(carrier, dict):
        return NO_CHAT
    chat = carrier.get("chat")
    number = chat.get("id") if isinstance(chat, dict) else None
    if not _is_number(number):
        return NO_CHAT
    thread = carrier.get("message_thread_id")
    return f"{number}:{thread}" if _is_number(thread) and carrier.get("is_topic_message") else str(number)


async def store(
    database: Database, updates: Iterable[Any], *, owner: UUID | None = None, free: int = 0
) -> Stored:
    """Store raw updates in one transaction and wake the consumers of what nobody has claimed.

    ``owner`` claims up to ``free`` lanes with it, in each of which nothing waited before. A known
    ``update_id`` is left as it is. What is no update at all (no usable ``update_id``) is logged and dropped,
    since nobody could ever acknowledge it.
    """
    usable = {raw["update_id"]: storable(raw) for raw in updates if _is_update(raw)}
    if not usable:
        return Stored(0, {})
    given = {
        "ids": list(usable),
        "lanes": [lane_of(raw) for raw in usable.values()],
        "payloads": [json.dumps(raw) for raw in usable.values()],
        "owner": owner,
        "free": free if owner is not None else 0,
        "lease": LEASE,
        "channel": UPDATES,
    }
    try:
        rows = await _rows(database, given)
    except IntegrityError:
        # Another one stored the same update at the same moment; now it is known.
        rows = await _rows(database, given)
    claimed: dict[str, list[QueuedUpdate]] = {}
    for row in rows:
        if row.claimed:
            one = QueuedUpdate(
                row.update_id, row.n, usable[row.update_id], attempts=0, answered=False, age_s=0.0
            )
            claimed.setdefault(row.lane, []).append(one)
    return Stored(len(rows), claimed)


async def _rows(database: Database, given: dict[str, Any]) -> Sequence[Row[Any]]:
    async with database.statements() as session:
        return (await session.execute(_STORE, given)).all()


def storable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return JSON that PostgreSQL takes: without NUL, lone surrogates and numbers that are none."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_ID


def _is_update(raw: object) -> bool:
    if isinstance(raw, dict) and _is_number(raw.get("update_id")):
        return True
    log.error("an update without an update_id was dropped: %.300r", raw)
    return False
