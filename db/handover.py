"""Writing a handover: who dispatches, links, access by hand. Tasks move through the gateway."""

from dataclasses import asdict, dataclass

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import ensure_card
from db.models.access import MachineGrant
from db.models.core import AuditEvent, Invite
from db.models.team import HandoverRow
from db.queries.handing_over import Holdings, holdings
from domain.access import GrantSource
from domain.chat import Loudness, Thing


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose work goes to whom, by whose hand. ``invites_to``: who answers the links, since not all may."""

    organization_id: int
    from_user_id: int
    to_user_id: int
    handed_by: int
    invites_to: int
    with_grants: bool


async def hand_over(session: AsyncSession, wish: Wish, source: str) -> Holdings:
    """Give everything but the tasks to the successor, and return what was found, tasks included.

    A repeat with the same source changes nothing and returns the same. The tasks' own moves are the caller's;
    grants by hand go along only when it was asked for.
    """
    found = await holdings(session, wish.from_user_id, wish.organization_id)
    made = await session.scalar(
        insert(HandoverRow)
        .values(
            organization_id=wish.organization_id,
            from_user_id=wish.from_user_id,
            to_user_id=wish.to_user_id,
            handed_by=wish.handed_by,
            source=source,
            details=asdict(found),
        )
        .on_conflict_do_nothing()
        .returning(HandoverRow.id)
    )
    if made is None:
        details = await session.scalar(select(HandoverRow.details).where(HandoverRow.source == source))
        return Holdings(**details or {})
    await _move_invites(session, found.invites, wish.invites_to, source)
    if wish.with_grants:
        await _move_grants(session, found.grants, wish)
    session.add(
        AuditEvent(
            organization_id=wish.organization_id,
            thing="user",
            thing_id=wish.from_user_id,
            source=f"handed-over-{source}",
            action="handed_over",
            actor_id=wish.handed_by,
            details={"to": wish.to_user_id, "handover": made},
            at=func.now(),
        )
    )
    return found


async def _move_invites(session: AsyncSession, invites: list[int], to_user_id: int, source: str) -> None:
    """Let the successor answer links; one that was opened already waits for their answer now."""
    await session.execute(update(Invite).where(Invite.id.in_(invites)).values(invited_by=to_user_id))
    opened = await session.scalars(
        select(Invite.id).where(Invite.id.in_(invites), Invite.opened_at.is_not(None)).order_by(Invite.id)
    )
    for invite in opened:
        about = f"{source}-invite-{invite}"
        await ensure_card(session, Thing.INVITE, invite, to_user_id, loudness=Loudness.SOUND, source=about)


async def _move_grants(session: AsyncSession, grants: list[int], wish: Wish) -> None:
    """End grants by hand and give the successor the same, with the same end."""
    ended = await session.execute(
        update(MachineGrant)
        .where(MachineGrant.id.in_(grants))
        .values(revoked_at=func.now(), revoked_by=wish.handed_by)
        .returning(MachineGrant.rvm_machine_id, MachineGrant.expires_at)
    )
    for machine_id, expires_at in ended:
        await session.execute(
            insert(MachineGrant)
            .values(
                organization_id=wish.organization_id,
                user_id=wish.to_user_id,
                rvm_machine_id=machine_id,
                source=GrantSource.MANUAL,
                granted_by=wish.handed_by,
                expires_at=expires_at,
            )
            .on_conflict_do_nothing()
        )
