"""Access to machines given by hand and taken back: no workflow stands behind it (decision 26)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.deliveries import announce
from db.models.access import MachineGrant
from db.models.core import AuditEvent, User
from domain.access import GrantSource
from domain.chat import Thing
from domain.errors import NotFound
from domain.notices import NOTICES


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Whose access to which machine is changed, by whom, and the update that asked for it."""

    organization_id: int
    machine_id: int
    user_id: int
    actor_id: int
    source: str


async def grant(session: AsyncSession, change: AccessChange, expires_at: datetime | None) -> None:
    """Let a person enter a machine, tell them, and keep the event; the same source does it once.

    Who has a grant by hand already gets the new end.
    """
    if not await _recorded(session, "grant_access", change):
        return
    manual = (MachineGrant.source == GrantSource.MANUAL) & MachineGrant.revoked_at.is_(None)
    await session.execute(
        insert(MachineGrant)
        .values(
            organization_id=change.organization_id,
            user_id=change.user_id,
            rvm_machine_id=change.machine_id,
            source=GrantSource.MANUAL,
            granted_by=change.actor_id,
            expires_at=expires_at,
        )
        .on_conflict_do_update(
            index_elements=[MachineGrant.user_id, MachineGrant.rvm_machine_id],
            index_where=manual,
            set_={"expires_at": expires_at, "granted_by": change.actor_id, "assigned_at": func.now()},
        )
    )
    await _tell(session, "access_granted", change, expires_at.isoformat() if expires_at else "")


async def revoke(
    session: AsyncSession, grant_id: int, *, organization_id: int, revoked_by: int, source: str
) -> None:
    """Take access back, tell the person, keep the event; a second time does nothing.

    Access that a task brought can be taken back too: the task is still theirs, but it does not begin.

    Raises:
        NotFound: the organization has no grant with this number.
    """
    held = await session.get(MachineGrant, grant_id)
    if held is None or held.organization_id != organization_id:
        raise NotFound(noun="grant")
    query = update(MachineGrant).where(MachineGrant.id == grant_id, MachineGrant.revoked_at.is_(None))
    taken = await session.scalar(
        query.values(revoked_at=func.now(), revoked_by=revoked_by).returning(MachineGrant.id)
    )
    if taken is None:
        return
    change = AccessChange(organization_id, held.rvm_machine_id, held.user_id, revoked_by, source)
    await _recorded(session, "revoke_access", change)
    await _tell(session, "access_withdrawn", change, "")


async def _recorded(session: AsyncSession, action: str, change: AccessChange) -> bool:
    """Write what happened to the machine's story; return False when this source was written before."""
    name = await session.scalar(select(User.name).where(User.id == change.user_id))
    made = await session.scalar(
        insert(AuditEvent)
        .values(
            organization_id=change.organization_id,
            thing=Thing.MACHINE,
            thing_id=change.machine_id,
            source=change.source,
            action=action,
            actor_id=change.actor_id,
            details={"note": name or ""},
            at=func.now(),
        )
        .on_conflict_do_nothing()
        .returning(AuditEvent.id)
    )
    return made is not None


async def _tell(session: AsyncSession, template: str, change: AccessChange, until: str) -> None:
    """Tell the person; ``bot.notices`` names the machine, since its card is for admins."""
    await announce(
        session,
        template=template,
        user_id=change.user_id,
        organization_id=change.organization_id,
        source=change.source,
        context={"machine_id": change.machine_id, "until": until},
        loudness=NOTICES[template].loudness,
        delivery_class=NOTICES[template].delivery_class,
    )
