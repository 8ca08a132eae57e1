"""Reading an organization's settings: its own value, else the default of WORDS 6."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import Setting
from domain.defaults import SETTINGS


async def setting(session: AsyncSession, organization_id: int, key: str) -> float:
    """Return one value; raises ``KeyError`` for a key that ``domain.defaults`` does not know."""
    default = SETTINGS[key]
    own = await session.scalar(
        select(Setting.value).where(Setting.organization_id == organization_id, Setting.key == key)
    )
    return default if own is None else own


async def settings(session: AsyncSession, organization_id: int) -> dict[str, float]:
    """Return all values of an organization."""
    own = await session.execute(
        select(Setting.key, Setting.value).where(Setting.organization_id == organization_id)
    )
    return SETTINGS | {key: value for key, value in own if key in SETTINGS}
