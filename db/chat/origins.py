"""The messages that said something, as they were received: words or a caption, a file, what they reply to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_LATEST = 500
"""Updates of a lane that are looked through: what is relayed was received just now."""
_MESSAGES = text(
    f"""
    select message from unnest(cast(:lanes as text[])) as wanted(lane) cross join lateral (
      select payload -> 'message' as message from telegram_updates
      where telegram_updates.lane = wanted.lane and payload ? 'message' order by n desc limit {_LATEST}
    ) latest
    where cast(message ->> 'message_id' as bigint) = any(cast(:messages as bigint[]))
    """  # noqa: S608 - a constant of this module
)
_SPOKEN = re.compile(r"^/r(@\w+)?(\s+|$)", re.IGNORECASE)
"""The command by which the staff speaks to the customer; it is not part of what is said."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A message: where it is, its words or caption, whether it brings a file, what it replies to."""

    chat_id: int
    message_id: int
    text: str
    media: bool = False
    reply_to: int | None = None
    said_at: int = 0
    """When, in seconds as Telegram counts them; 0: unknown."""
    album: str = ""
    """What the pictures of one album share; empty: it is none."""


async def origins(
    session: AsyncSession, chat_id: int | None, message_ids: Sequence[int], lanes: Sequence[str]
) -> list[Origin]:
    """Return the messages in order; one that was not kept is taken for a file: a copy carries anything."""
    if chat_id is None or not message_ids:
        return []
    given = {"lanes": list(lanes), "messages": list(message_ids)}
    kept = {row.message["message_id"]: row.message for row in await session.execute(_MESSAGES, given)}
    return [_origin(chat_id, number, kept.get(number)) for number in message_ids]


def albums_of(said: Sequence[Origin]) -> list[list[Origin]]:
    """Return messages with those of one album together; every other one stands alone."""
    return [
        list(part)
        for _, part in groupby(said, key=lambda one: one.album or (one.chat_id, one.message_id, one.text))
    ]


def without_command(words: str) -> str:
    """Return what is said without the command that sends it."""
    return _SPOKEN.sub("", words, count=1).strip()


def _origin(chat_id: int, message_id: int, message: dict[str, Any] | None) -> Origin:
    if message is None:
        return Origin(chat_id, message_id, "", media=True)
    words = without_command(str(message.get("text") or message.get("caption") or ""))
    replied = (message.get("reply_to_message") or {}).get("message_id")
    media, said_at = "text" not in message, int(message.get("date") or 0)
    album = str(message.get("media_group_id") or "")
    return Origin(chat_id, message_id, words, media, replied, said_at, album)
