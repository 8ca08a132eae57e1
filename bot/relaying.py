"""What a relay sends: the words of its rows as they are now, or a copy of the message that brought a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import Reader
from bot.render import Audience, Renderer
from bot.rooms import Step
from db.chat.queue import Due
from db.chat.relay_ends import WITHDRAWN
from db.queries.relays import RelayRow, relays_by_id, relays_shown_in, speaker_of
from domain.relays import SLICE_LENGTH, RelayDirection

GONE = "message to delete not found"
TOO_OLD = "message can't be deleted for everyone"


@dataclass(frozen=True, slots=True)
class Words:
    """One message's newest words; ``edited_at`` when they are not the first."""

    text: str
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class Relay:
    """What is to be sent: text, and the message to copy when it brings a file."""

    text: str
    copies: tuple[int, int] | None
    versions: Mapping[int, int]
    """The relays it is, and how many versions each has; empty when it is a part or an edit."""
    reply_to: int | None
    album: tuple[int, ...] = ()
    """The messages of an album, which are copied together; ``bare``: without their captions."""
    bare: bool = False


async def relay_of(session: AsyncSession, due: Due, reader: Reader, renderer: Renderer) -> Relay | None:
    """Return what a delivery relays; None: everything of it was withdrawn."""
    if (twin := due.context.get("twin")) is not None:
        rows = await relays_shown_in(session, due.chat_id, twin)
    else:
        rows = await relays_by_id(session, due.context["messages"])
    rows = [row for row in rows if row.withdrawn_at is None]
    if not rows:
        return None
    start = int(due.context.get("start") or 0)
    said = {
        "speaker": await speaker_of(session, rows[0]),
        "said": [_words(row, start, is_first=twin is None) for row in rows],
        "continued": start > 0,
    }
    is_album = bool(due.context.get("album")) and len(rows) > 1
    audience = Audience(reader.language, reader.time_zone, reader.person)
    media = rows[0].texts[0]["media"]
    return Relay(
        text=renderer.html(due.template or "", audience, said, caption=media),
        copies=(rows[0].from_chat_id, rows[0].from_message_id) if media else None,
        versions={} if start or twin is not None else {row.id: len(row.texts) for row in rows},
        reply_to=due.context.get("reply_to"),
        album=tuple(row.from_message_id for row in rows) if is_album else (),
        # What the staff writes may begin with the command that sends it.
        bare=rows[0].direction == RelayDirection.TO_CUSTOMER,
    )


def _words(row: RelayRow, start: int, *, is_first: bool) -> Words:
    """Return the newest words; only who has read others is told that they were edited."""
    newest: dict[str, Any] = row.texts[-1]
    edited = datetime.fromisoformat(newest["at"]) if len(row.texts) > 1 and not is_first else None
    return Words(newest["text"][start : start + SLICE_LENGTH], edited)


def deletion(due: Due) -> Step:
    """Return the call that takes a relayed message back."""

    async def nothing_more(_: AsyncSession, __: Any) -> None:  # noqa: ANN401 - True
        """The row knows already that it was withdrawn."""

    given = {"chat_id": due.chat_id, "message_id": due.context["twin"]}
    return Step("deleteMessage", given, nothing_more, ticket_id=0, last=True, so_already=(GONE, TOO_OLD))


def is_deletion(due: Due) -> bool:
    """Return whether a delivery takes a message back."""
    return due.template == WITHDRAWN


def is_relay(due: Due) -> bool:
    """Return whether a delivery carries what somebody said."""
    return (due.template or "").startswith("relays/") and not is_deletion(due)
