"""An organization's settings: its own values in place of the defaults of WORDS 6."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.settings import own_loudness, own_settings
from db.settings import Changes
from db.settings import change as change_settings
from domain.chat import Loudness
from domain.notices import ADJUSTABLE, NOTICES
from domain.roles import Permission
from domain.settings import TABLE, Area, Effect, Unit
from webhooks.auth import Reader, Writer
from webhooks.idempotency import Move
from webhooks.inputs import Identity, Input, Output, QueryId
from webhooks.state import Web

router = APIRouter(prefix="/admin/settings", tags=["organization"])

Value = Annotated[float, Field(allow_inf_nan=False)]


class SettingOut(Output):
    """One value, in its unit; ``own``: the organization set it itself."""

    key: str
    area: Area
    unit: Unit
    value: float
    default: float
    own: bool
    lowest: float
    highest: float
    above: str = Field(description="The setting that has to stay smaller; empty: none.")
    effect: Effect = Field(description="From when a change holds; running work keeps what it began with.")


class MessageOut(Output):
    """How loud one kind of message is."""

    template: str
    loudness: Loudness
    default: Loudness
    own: bool


class SettingsOut(Output):
    """All that an organization may change."""

    organization_id: int
    settings: list[SettingOut]
    messages: list[MessageOut]


class SettingsChange(Input):
    """What is to be different; null goes back to the default, what is not named stays."""

    organization_id: Identity | None = Field(default=None, description="Needed only by who has several.")
    settings: dict[str, Value | None] = Field(default_factory=dict, examples=[{"outage_alert_s": 1800}])
    messages: dict[str, Loudness | None] = Field(
        default_factory=dict,
        description="`silent` or `sound`; never off.",
        examples=[{"assignment_completed": "sound"}],
    )


@router.get("", summary="Settings of an organization")
async def get_all(web: Web, caller: Reader, organization_id: QueryId = None) -> SettingsOut:
    """Each with its bounds, its default, and from when a change would hold."""
    number = caller.one_organization(Permission.MANAGE_SETTINGS, organization_id)
    async with web.settings.database.transaction(caller.tenants) as session:
        return await _shown(session, number)


@router.put("", summary="Change settings")
async def change(body: SettingsChange, web: Web, caller: Writer, move: Move) -> SettingsOut:
    """All or nothing: 422 names the first value outside its bounds or in a wrong order."""
    number = caller.one_organization(Permission.MANAGE_SETTINGS, body.organization_id)
    source = await move.take()
    changes = Changes(values=body.settings, messages=body.messages)
    # A row's lock and the audit event are the tenant's own; the scope keeps others out.
    async with web.settings.database.transaction(caller.tenants) as session:
        await change_settings(session, number, changes, actor_id=caller.person.user_id, source=source.text)
        return await _shown(session, number)


async def _shown(session: AsyncSession, organization_id: int) -> SettingsOut:
    own = await own_settings(session, organization_id)
    loud = await own_loudness(session, organization_id)
    return SettingsOut(
        organization_id=organization_id,
        settings=[
            SettingOut(
                key=row.key,
                area=row.area,
                unit=row.unit,
                value=own.get(row.key, row.default),
                default=row.default,
                own=row.key in own,
                lowest=row.lowest,
                highest=row.highest,
                above=row.above,
                effect=row.effect,
            )
            for row in TABLE
        ],
        messages=[
            MessageOut(
                template=name,
                loudness=loud.get(name, NOTICES[name].loudness),
                default=NOTICES[name].loudness,
                own=name in loud,
            )
            for name in ADJUSTABLE
        ],
    )
