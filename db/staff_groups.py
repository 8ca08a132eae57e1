"""Writing which group a helpdesk works in. No workflow stands behind it (decision 14)."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.deliveries import announce
from db.chat.relay_ends import resume
from db.chat.rooms import open_rooms
from db.models.core import AuditEvent
from db.models.helpdesk import StaffGroup
from db.queries.people import admin_ids
from db.queries.staff_groups import Group, group_in
from domain.notices import NOTICES
from domain.staff_groups import GroupProblem

_LOST = "staff_group_lost"
_RETIRE = text("update cards set retired_at = clock_timestamp() where chat_id = :chat and retired_at is null")


class Linking(StrEnum):
    """What became of a wish to link a group."""

    LINKED = "linked"
    TAKEN = "taken"
    """It is the group of another organization."""


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group as Telegram describes it now."""

    chat_id: int
    title: str
    is_forum: bool
    problem: GroupProblem | None


async def link_group(
    session: AsyncSession, facts: GroupFacts, *, organization_id: int, actor_id: int, source: str
) -> Linking:
    """Let an organization's helpdesk work in a group, instead of a former one; open tickets come there."""
    there = await group_in(session, facts.chat_id)
    if there is not None and there.organization_id != organization_id:
        return Linking.TAKEN
    former = await session.scalar(
        delete(StaffGroup)
        .where(StaffGroup.organization_id == organization_id, StaffGroup.chat_id != facts.chat_id)
        .returning(StaffGroup.chat_id)
    )
    if former is not None:
        await session.execute(_RETIRE, {"chat": former})
    held = {
        "title": facts.title,
        "is_forum": facts.is_forum,
        "linked_by": actor_id,
        "problem": facts.problem,
        "lost_at": None if facts.problem is None else func.now(),
    }
    await session.execute(
        insert(StaffGroup)
        .values(chat_id=facts.chat_id, organization_id=organization_id, **held)
        .on_conflict_do_update(index_elements=[StaffGroup.chat_id], set_=held)
    )
    await session.execute(
        insert(AuditEvent)
        .values(
            organization_id=organization_id,
            actor_id=actor_id,
            action="staff_group_linked",
            thing="staff_group",
            thing_id=facts.chat_id,
            source=source,
            details={"title": facts.title},
            at=func.now(),
        )
        .on_conflict_do_nothing()
    )
    await open_rooms(session, organization_id, source=source)
    return Linking.LINKED


async def group_changed(
    session: AsyncSession, chat_id: int, problem: GroupProblem | None, *, source: str
) -> None:
    """The bot's membership or rights changed: keep what stands in the way, tell the admins once.

    When the bot is let in again, every open ticket shows itself, and what waited is sent.
    """
    group = await group_in(session, chat_id)
    if group is None or group.problem == problem:
        return
    lost_at = None if problem is None else func.now()
    await session.execute(
        update(StaffGroup).where(StaffGroup.chat_id == chat_id).values(problem=problem, lost_at=lost_at)
    )
    if problem is not None:
        await _tell_admins(session, group, problem, source)
    if problem != GroupProblem.REMOVED:
        await open_rooms(session, group.organization_id, source=source)
    if group.problem == GroupProblem.REMOVED:
        await resume(session, chat_id, source=source)


async def became_forum(session: AsyncSession, chat_id: int, *, is_forum: bool) -> None:
    """Topics were switched on or off in a linked group."""
    await session.execute(
        update(StaffGroup)
        .where(StaffGroup.chat_id == chat_id, StaffGroup.is_forum != is_forum)
        .values(is_forum=is_forum)
    )


async def _tell_admins(session: AsyncSession, group: Group, problem: GroupProblem, source: str) -> None:
    for user_id in await admin_ids(session, group.organization_id):
        await announce(
            session,
            template=_LOST,
            user_id=user_id,
            organization_id=group.organization_id,
            source=source,
            context={"title": group.title, "problem": problem},
            loudness=NOTICES[_LOST].loudness,
            delivery_class=NOTICES[_LOST].delivery_class,
        )
