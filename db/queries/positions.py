"""Reading where a person was last seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.access import LastPosition
from db.models.core import Setting
from domain.defaults import SETTINGS

_MAX_AGE = "arrival_max_age_s"
# One statement, since it is in the way of every start.
_SHOWN = (
    select(
        LastPosition.latitude,
        LastPosition.longitude,
        LastPosition.accuracy_m,
        LastPosition.is_live,
        LastPosition.at,
        Setting.value.label("max_age_s"),
    )
    .outerjoin(Setting, and_(Setting.organization_id == bindparam("organization"), Setting.key == _MAX_AGE))
    .where(LastPosition.user_id == bindparam("person"))
)


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


async def fresh_position(
    session: AsyncSession, user_id: int, organization_id: int, at: datetime
) -> Seen | None:
    """Return the last position a person showed if it was young enough at ``at`` to prove an arrival.

    How young is WORDS 6, or the organization's own. Needs the system scope.
    """
    given = {"person": user_id, "organization": organization_id}
    row = (await session.execute(_SHOWN, given)).one_or_none()
    if row is None:
        return None
    max_age_s = SETTINGS[_MAX_AGE] if row.max_age_s is None else row.max_age_s
    if at - row.at > timedelta(seconds=max_age_s):
        return None
    return Seen(row.latitude, row.longitude, row.accuracy_m, row.is_live, row.at)
