"""Changing what an organization may change: its values and how loud its messages are (WORDS 6).

No workflow stands behind a setting. Workflows take the values they need when they begin.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chat import NotificationPriority
from db.models.core import AuditEvent, Organization, Setting
from db.queries.settings import own_loudness, settings
from domain.chat import Loudness, Thing
from domain.errors import InvalidInput, NotFound
from domain.notices import ADJUSTABLE, CHOICES
from domain.settings import checked


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different; None goes back to the default."""

    values: Mapping[str, float | None] = field(default_factory=dict)
    messages: Mapping[str, Loudness | None] = field(default_factory=dict)
    """By notice template."""


async def change(
    session: AsyncSession, organization_id: int, changes: Changes, *, actor_id: int, source: str
) -> None:
    """Write changes with one audit event; the second time with the same source nothing happens.

    Raises:
        InvalidInput: a value outside its bounds, or a key or template that is not in the tables.
        NotFound: the scope sees no such organization.
    """
    # Two admins at once: the second is checked against what the first wrote.
    locked = select(Organization.id).where(Organization.id == organization_id).with_for_update(key_share=True)
    if await session.scalar(locked) is None:
        raise NotFound(noun="organization")
    before = await settings(session, organization_id)
    after = checked(before, changes.values)
    loud_before = await own_loudness(session, organization_id)
    for template, loudness in changes.messages.items():
        _check_message(template, loudness)
    told: dict[str, list[float | str | None]] = {
        **{key: [before[key], after[key]] for key in changes.values},
        **{name: [loud_before.get(name), loudness] for name, loudness in changes.messages.items()},
    }
    if not told or not await _note(session, organization_id, told, actor_id, source):
        return
    for key, value in changes.values.items():
        await _write_value(session, organization_id, key, value)
    for template, loudness in changes.messages.items():
        await _write_message(session, organization_id, template, loudness)


def _check_message(template: str, loudness: Loudness | None) -> None:
    if template not in ADJUSTABLE:
        raise InvalidInput(field=template, problem="unknown_message")
    if loudness not in (None, *CHOICES):
        raise InvalidInput(field=template, problem="loudness")


async def _note(
    session: AsyncSession, organization_id: int, told: Mapping[str, object], actor_id: int, source: str
) -> bool:
    made = await session.scalar(
        insert(AuditEvent)
        .values(
            organization_id=organization_id,
            thing=Thing.SETTINGS,
            thing_id=organization_id,
            source=source,
            action="change_settings",
            actor_id=actor_id,
            details={"changes": dict(told)},
            at=func.now(),
        )
        .on_conflict_do_nothing()
        .returning(AuditEvent.id)
    )
    return made is not None


async def _write_value(session: AsyncSession, organization_id: int, key: str, value: float | None) -> None:
    if value is None:
        gone = delete(Setting).where(Setting.organization_id == organization_id, Setting.key == key)
        await session.execute(gone)
        return
    row = insert(Setting).values(organization_id=organization_id, key=key, value=value)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Setting.organization_id, Setting.key],
            set_={"value": value, "updated_at": func.now()},
        )
    )


async def _write_message(
    session: AsyncSession, organization_id: int, template: str, loudness: Loudness | None
) -> None:
    table = NotificationPriority
    if loudness is None:
        gone = delete(table).where(table.organization_id == organization_id, table.template == template)
        await session.execute(gone)
        return
    row = insert(table).values(organization_id=organization_id, template=template, loudness=loudness)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[table.organization_id, table.template],
            set_={"loudness": loudness, "updated_at": func.now()},
        )
    )
