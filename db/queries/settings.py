"""Reading an organization's settings: its own value, else the default of WORDS 6."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chat import NotificationPriority
from db.models.core import Setting
from domain.chat import Loudness
from domain.defaults import SETTINGS
from domain.machines import MachinePolicy


async def setting(session: AsyncSession, organization_id: int, key: str) -> float:
    """Return one value; raises ``KeyError`` for a key that ``domain.defaults`` does not know."""
    default = SETTINGS[key]
    own = await session.scalar(
        select(Setting.value).where(Setting.organization_id == organization_id, Setting.key == key)
    )
    return default if own is None else own


async def own_settings(session: AsyncSession, organization_id: int) -> dict[str, float]:
    """Return the values that an organization has set itself."""
    own = await session.execute(
        select(Setting.key, Setting.value).where(Setting.organization_id == organization_id)
    )
    return {key: value for key, value in own if key in SETTINGS}


async def settings(session: AsyncSession, organization_id: int) -> dict[str, float]:
    """Return all values of an organization."""
    return SETTINGS | await own_settings(session, organization_id)


async def machine_policy(session: AsyncSession, organization_id: int) -> MachinePolicy:
    """Return what an outage that begins now counts by."""
    own = await settings(session, organization_id)
    return MachinePolicy(
        flap_changes=int(own["flap_changes"]),
        flap_window_s=own["flap_window_s"],
        outage_alert_s=own["outage_alert_s"],
        outage_proposal_s=own["outage_proposal_s"],
    )


async def own_loudness(session: AsyncSession, organization_id: int) -> dict[str, Loudness]:
    """Return how loud an organization wants messages, by template, where it differs from the declared."""
    rows = await session.execute(
        select(NotificationPriority.template, NotificationPriority.loudness).where(
            NotificationPriority.organization_id == organization_id
        )
    )
    return {row.template: row.loudness for row in rows}
