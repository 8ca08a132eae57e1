"""What the messages by the clock say: the morning's digest and the monthly question."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.content import NoticeBuilder, NoticeView, Reader
from bot.keyboards import button, named
from bot.notices import ABOUT_TASK
from db.queries.digests import digest_of

ABOUT_SATISFACTION = "satisfaction"
STOPS_OPENED = 5
STARS = range(1, 6)


async def of_digest(
    session: AsyncSession,
    row: object,  # noqa: ARG001 - a builder's shape
    details: Mapping[str, Any],  # noqa: ARG001
    reader: Reader,
) -> NoticeView | None:
    """Return how the reader's day stands; None when there is nothing to say."""
    if reader.person is None:
        return None
    digest = await digest_of(session, reader.person, datetime.now(UTC))
    if digest.is_empty:
        return None
    opened = [stop.task for stop in digest.stops[:STOPS_OPENED]]
    keyboard = [
        [button("open_task", ABOUT_TASK, "open", task.assignment_id, words={"task": task})] for task in opened
    ]
    return NoticeView(keyboard=keyboard, context={"digest": digest})


async def of_satisfaction(
    session: AsyncSession,  # noqa: ARG001 - a builder's shape
    row: object,  # noqa: ARG001
    details: Mapping[str, Any],
    reader: Reader,  # noqa: ARG001
) -> NoticeView:
    """Return the five answers."""
    stars = [named(f"{one} ⭐", ABOUT_SATISFACTION, "rate", details["answer"], one) for one in STARS]
    return NoticeView(keyboard=[stars])


BY_THE_CLOCK: Mapping[str, NoticeBuilder] = {"digest": of_digest, "satisfaction": of_satisfaction}
