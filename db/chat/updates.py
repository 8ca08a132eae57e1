"""Storing updates before they are acknowledged, each with its place in the order of its chat (DESIGN 6)."""

import json
import logging
import math
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.wake import UPDATES

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

_LOCK_LANES = text(
    """
    insert into chat_lanes (lane) select lane from unnest(cast(:lanes as text[])) as given(lane) order by lane
    on conflict (lane) do update set lane = excluded.lane
    """
)
_PLACE = text(
    """
    with fresh as (
      select given.*, row_number() over (partition by given.lane order by given.update_id) as place
      from unnest(cast(:ids as bigint[]), cast(:lanes as text[]), cast(:payloads as text[]))
        as given(update_id, lane, payload)
      where not exists (select from telegram_updates known where known.update_id = given.update_id)
    ), placed as (
      insert into telegram_updates (update_id, lane, n, payload)
      select fresh.update_id, fresh.lane, chat_lanes.last_n + fresh.place, cast(fresh.payload as jsonb)
      from fresh join chat_lanes on chat_lanes.lane = fresh.lane
      returning lane
    ), counted as (select lane, count(*) as added from placed group by lane),
    moved as (
      update chat_lanes set last_n = chat_lanes.last_n + counted.added
      from counted where chat_lanes.lane = counted.lane
      returning counted.added
    )
    select coalesce(sum(added), 0), case when count(*) > 0 then pg_notify(:channel, '') end from moved
    """
)


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


async def store(session: AsyncSession, updates: Iterable[Any]) -> int:
    """Store raw updates (system scope) and wake the consumers; return how many were new.

    A known ``update_id`` is left as it is. What is no update at all (no usable ``update_id``) is logged and
    dropped, since nobody could ever acknowledge it.
    """
    usable = {raw["update_id"]: raw for raw in updates if _is_update(raw)}
    if not usable:
        return 0
    lanes = {number: lane_of(raw) for number, raw in usable.items()}
    # The lane rows are locked in one order, in a statement before the numbers are read.
    await session.execute(_LOCK_LANES, {"lanes": sorted(set(lanes.values()))})
    given = {
        "ids": list(usable),
        "lanes": [lanes[number] for number in usable],
        "payloads": [json.dumps(storable(raw)) for raw in usable.values()],
        "channel": UPDATES,
    }
    added, _ = (await session.execute(_PLACE, given)).one()
    return int(added)


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
