"""Where a person was last seen: one row each, never a track (DESIGN 3.7). Chat writes it directly."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import LastPosition
from db.queries.positions import Seen


async def note_position(session: AsyncSession, user_id: int, seen: Seen) -> None:
    """Keep a position, unless a later one is known already. Needs the system scope."""
    given = {
        "latitude": seen.latitude,
        "longitude": seen.longitude,
        "accuracy_m": seen.accuracy_m,
        "is_live": seen.is_live,
        "at": seen.at,
    }
    await session.execute(
        insert(LastPosition)
        .values(user_id=user_id, **given)
        .on_conflict_do_update(
            index_elements=[LastPosition.user_id], set_=given, where=LastPosition.at <= seen.at
        )
    )
