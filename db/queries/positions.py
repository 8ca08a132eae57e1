"""Reading where a person was last seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import LastPosition


@dataclass(frozen=True, slots=True)
class Seen:
    """A shown position: degrees WGS 84, accuracy in metres where the phone said it, when it was true."""

    latitude: float
    longitude: float
    accuracy_m: float | None
    is_live: bool
    at: datetime


async def last_position(session: AsyncSession, user_id: int) -> Seen | None:
    """Return the last position a person showed. Needs the system scope."""
    row = await session.get(LastPosition, user_id)
    return None if row is None else Seen(row.latitude, row.longitude, row.accuracy_m, row.is_live, row.at)
